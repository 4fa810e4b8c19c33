// SPDX-License-Identifier: Apache-2.0
// Measures the stages of a run.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "report/run_report.h"

namespace ballast::report {

// Stages follow each other: one ends where the next begins. A name that comes again adds to its
// stage. What is measured goes into `stages`, which must outlive this.
class StageTimer {
 public:
  explicit StageTimer(std::vector<Stage>* stages) : stages_(stages) {}
  ~StageTimer() { End(); }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

  void Begin(std::string_view name);
  void End();
  // Of the stage that runs, since it began; 0: none runs.
  double RunningMilliseconds() const;

 private:
  std::vector<Stage>* stages_;
  std::string running_;  // empty: none
  std::chrono::steady_clock::time_point began_;
};

}  // namespace ballast::report
