// Work on another thread while this one goes on.
#pragma once

#include <optional>
#include <thread>
#include <utility>

#include "base/result.h"

namespace ballast::commands {

// `work` gives a Result<T> and touches nothing that others touch meanwhile. Joined at the latest
// when this goes.
template <class T>
class Beside {
 public:
  template <class F>
  explicit Beside(F work) : thread_([this, work] { result_ = work(); }) {}
  ~Beside() {
    if (thread_.joinable()) thread_.join();
  }
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;

  Result<T> Join() {
    thread_.join();
    return std::move(*result_);
  }

 private:
  std::optional<Result<T>> result_;
  std::thread thread_;  // last: it starts when all else is there
};

}  // namespace ballast::commands
