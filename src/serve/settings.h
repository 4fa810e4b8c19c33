// SPDX-License-Identifier: Apache-2.0
// What `ballast serve` is told: where to listen, which databases to watch, and its limits.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "report/key_figures.h"

namespace ballast::serve {

// A database to watch.
struct TargetSpec {
  std::string name;
  std::string url;      // "env:VARIABLE"; empty: the project's own database
  std::string project;  // of [project.NAME]; empty: the project of the folder
  std::string strategy;
  std::string branch;
  std::string group;
};

struct Limits {
  size_t connections = 128;           // further ones get 503 at once
  size_t streams = 64;                // of these, event streams
  size_t body_bytes = 1 << 20;        // of a run report
  size_t requests_per_second = 5000;  // for one address; bursts up to twice that
  size_t reports_per_second = 50;
  size_t failed_logins_per_minute = 30;
  std::chrono::seconds request_time{10};  // from the first byte of a request to its last
};

struct Settings {
  std::string host = "127.0.0.1";
  int port = 7070;    // 0: any free one
  std::string token;  // empty: none is asked for, and no reports are taken
  std::string store;  // an SQLite file, or a PostgreSQL URL; empty: in memory
  std::chrono::milliseconds interval{3000};
  std::vector<std::string> allowed_hosts;
  bool ready_only = false;
  size_t workers = 8;  // databases that are looked at at the same time
  std::vector<TargetSpec> targets;
  Limits limits;
  report::Thresholds thresholds;
};

}  // namespace ballast::serve
