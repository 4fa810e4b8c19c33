// SPDX-License-Identifier: Apache-2.0
// Elapsed time in milliseconds, for reports.
#pragma once

#include <chrono>

namespace ballast {

class Stopwatch {
 public:
  // Returns the time since the start or the last call, and starts again.
  double Lap() {
    const auto now = std::chrono::steady_clock::now();
    const double ms = std::chrono::duration<double, std::milli>(now - start_).count();
    start_ = now;
    return ms;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace ballast
