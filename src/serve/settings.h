// SPDX-License-Identifier: Apache-2.0
// The settings of `ballast serve`: address, databases, and limits.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "report/key_figures.h"
#include "report/run_report.h"
#include "serve/observation_queue.h"

namespace ballast::serve {

// A database to watch.
struct TargetSpec {
  std::string name;
  std::string url;      // "env:VARIABLE"; empty: the project's own database
  std::string own_url;  // of that one, from --database-url; never shown
  std::string project;  // name of [project.NAME]; empty: the project of the folder
  std::string strategy;
  std::string branch;
  std::string group;
};

struct Limits {
  size_t connections = 128;           // more connections get 503
  size_t address_connections = 96;    // of one address, so that others, such as probes, get in
  size_t streams = 64;                // event streams among them
  size_t body_bytes = 1 << 20;        // maximum size of a run report
  size_t requests_per_second = 5000;  // per address; bursts up to twice that
  size_t reports_per_second = 50;
  size_t failed_logins_per_minute = 30;
  std::chrono::seconds request_time{10};  // from the first to the last byte of a request
};

struct Settings {
  std::string host = "127.0.0.1";
  int port = 7070;    // 0: any free port
  std::string token;  // empty: no token is required, and run reports are not accepted
  std::string store;  // an SQLite file or a PostgreSQL URL; empty: in memory
  std::chrono::milliseconds interval{3000};
  std::vector<std::string> allowed_hosts;
  bool ready_only = false;
  ObservationQueue::Limits observing;  // databases at once
  std::vector<TargetSpec> targets;
  Limits limits;
  report::Thresholds thresholds;
  // The last `release create` on this machine for a package folder; can be empty.
  std::function<std::optional<report::RunReport>(const std::filesystem::path&)> last_generation;
};

}  // namespace ballast::serve
