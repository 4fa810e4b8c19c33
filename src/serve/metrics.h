// SPDX-License-Identifier: Apache-2.0
// The response to GET /metrics: the registry and the server's counters in Prometheus' text format.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "report/key_figures.h"
#include "serve/last_runs.h"
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

// `last_runs`: LastRuns, without those that are forgotten.
std::string RenderMetrics(const StateView& view, const std::vector<RunCount>& runs,
                          const std::vector<KnownRun>& last_runs,
                          const std::vector<report::KeyFigure>& figures,
                          const ServerCounters& counters);

}  // namespace ballast::serve
