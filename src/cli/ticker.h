// SPDX-License-Identifier: Apache-2.0
// Calls a function at regular intervals until it is destroyed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace ballast::cli {

class Ticker {
 public:
  // `tick` runs on a separate thread, first after `interval`, without locks held.
  Ticker(std::chrono::milliseconds interval, std::function<void()> tick);
  // Waits for a running tick.
  ~Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void Run();

  const std::chrono::milliseconds interval_;
  const std::function<void()> tick_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;  // last: the thread uses the members before it
};

}  // namespace ballast::cli
