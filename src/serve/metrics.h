// SPDX-License-Identifier: Apache-2.0
// The response to GET /metrics: the registry and the server's counters in Prometheus' text format.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "report/key_figures.h"
#include "serve/state_registry.h"
#include "serve/store.h"

namespace ballast::serve {

// Counters of the server.
struct ServerCounters {
  std::atomic<uint64_t> requests{0};
  std::atomic<uint64_t> refused{0};  // 401, 403, 429, 503 and incomplete requests
  std::atomic<uint64_t> reports{0};  // accepted run reports
  std::atomic<int64_t> streams{0};   // open event streams
};

// A run with the name under which its database is watched; empty: none.
struct KnownRun {
  std::string name;
  report::RunReport report;
};

// Of each command and database the newest run. `runs` are newest first. A run that failed before it
// knew its server, database or schema is of those of the next run that did. One that was refused or
// failed is left out if a later run of any command succeeded on its database. Errors of the command
// line (B100) are left out, because they are about no database.
std::vector<KnownRun> LastRuns(const std::vector<KnownRun>& runs);

std::string RenderMetrics(const StateView& view, const std::vector<RunCount>& runs,
                          const std::vector<KnownRun>& last_runs,
                          const std::vector<report::KeyFigure>& figures,
                          const ServerCounters& counters);

}  // namespace ballast::serve
