// SPDX-License-Identifier: Apache-2.0
// Threads for connections: made when they are needed, at most as many as connections are allowed.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ballast::serve {

class ConnectionPool {
 public:
  explicit ConnectionPool(size_t most) : most_(most) {}
  ~ConnectionPool() { Shutdown(); }

  // False: all are busy, and `work` was not taken.
  bool Take(const std::function<void()>& work);
  // Waits for what runs.
  void Shutdown();

 private:
  void Work();

  size_t most_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  size_t idle_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace ballast::serve
