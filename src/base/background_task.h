// SPDX-License-Identifier: Apache-2.0
// Work on another thread while this one goes on.
#pragma once

#include <optional>
#include <thread>
#include <utility>

#include "base/result.h"

namespace ballast {

// `work` gives a Result<T> and touches nothing that others touch meanwhile. Joined at the latest
// when this goes.
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
  std::thread thread_;  // last: it starts when all else is there
};

}  // namespace ballast
