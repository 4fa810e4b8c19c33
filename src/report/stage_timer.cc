// SPDX-License-Identifier: Apache-2.0
#include "report/stage_timer.h"

#include <algorithm>

namespace ballast::report {

void StageTimer::Begin(std::string_view name) {
  End();
  running_ = name;
  began_ = std::chrono::steady_clock::now();
}

double StageTimer::RunningMilliseconds() const {
  if (running_.empty()) return 0;
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - began_);
  return static_cast<double>(time.count()) / 1000;
}

void StageTimer::End() {
  if (running_.empty()) return;
  auto stage = std::find_if(stages_->begin(), stages_->end(),
                            [&](const Stage& known) { return known.name == running_; });
  if (stage == stages_->end()) stage = stages_->insert(stages_->end(), {running_, 0});
  stage->duration_ms += RunningMilliseconds();
  running_.clear();
}

}  // namespace ballast::report
