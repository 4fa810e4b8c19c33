// SPDX-License-Identifier: Apache-2.0
// Measures the stages of a run.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "report/run_report.h"

namespace ballast::report {

// Each stage ends where the next begins. A repeated name adds to its stage. The results go to
// `stages`, which must outlive this object.
class StageTimer {
 public:
  explicit StageTimer(std::vector<Stage>* stages) : stages_(stages) {}
  ~StageTimer() { End(); }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

  void Begin(std::string_view name);
  void End();
  // Milliseconds since the current stage began; 0: there is none.
  double RunningMilliseconds() const;

 private:
  std::vector<Stage>* stages_;
  std::string running_;  // empty: none
  std::chrono::steady_clock::time_point began_;
};

}  // namespace ballast::report
