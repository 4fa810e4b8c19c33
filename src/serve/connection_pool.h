// SPDX-License-Identifier: Apache-2.0
// Threads for connections, created on demand up to the maximum number of connections.
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

  // False: all threads are busy, and `work` was not accepted.
  bool Take(const std::function<void()>& work);
  // Waits for running work.
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
