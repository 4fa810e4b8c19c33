// SPDX-License-Identifier: Apache-2.0
// Elapsed time in milliseconds, for reports.
#pragma once

#include <chrono>

namespace ballast {

class Stopwatch {
 public:
  // The time since the start or the last Lap, in milliseconds.
  double Elapsed() const {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double, std::milli>(now - start_).count();
  }
  // The same, and starts again.
  double Lap() {
    const double ms = Elapsed();
    start_ = std::chrono::steady_clock::now();
    return ms;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace ballast
