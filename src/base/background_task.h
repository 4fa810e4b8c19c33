// SPDX-License-Identifier: Apache-2.0
// Runs work on another thread.
#pragma once

#include <optional>
#include <thread>
#include <utility>

#include "base/result.h"

namespace ballast {

// `work` returns a Result<T>; until Join() it may touch only what no other thread writes. The
// destructor waits for the thread.
template <class T>
class BackgroundTask {
 public:
  template <class F>
  explicit BackgroundTask(F work) : thread_([this, work] { result_ = work(); }) {}
  ~BackgroundTask() {
    if (thread_.joinable()) thread_.join();
  }
  BackgroundTask(const BackgroundTask&) = delete;
  BackgroundTask& operator=(const BackgroundTask&) = delete;

  Result<T> Join() {
    thread_.join();
    return std::move(*result_);
  }

 private:
  std::optional<Result<T>> result_;
  std::thread thread_;  // last: the thread uses the members before it
};

}  // namespace ballast
