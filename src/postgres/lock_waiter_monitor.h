// SPDX-License-Identifier: Apache-2.0
// Reports sessions that begin to wait for the deployment lock while a long statement runs.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/progress.h"
#include "postgres/session.h"

namespace ballast::postgres {

// During its lifetime a thread checks every half second, on its own connection, which it opens
// after one second. Each waiter is reported once, as a notice; the owner must not use `progress`
// meanwhile. Errors in the thread are ignored.
class LockWaiterMonitor {
 public:
  LockWaiterMonitor(Target target, std::string doing, Progress& progress);
  ~LockWaiterMonitor();
  LockWaiterMonitor(const LockWaiterMonitor&) = delete;
  LockWaiterMonitor& operator=(const LockWaiterMonitor&) = delete;

 private:
  void Watch();
  // Waits that long; returns true if the monitor is being destroyed.
  bool Ended(std::chrono::milliseconds pause);
  void Name(const std::string& waiter);

  const Target target_;
  const std::string doing_;
  Progress& progress_;
  std::set<std::string> named_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;
  std::thread thread_;  // last: the thread uses the members before it
};

}  // namespace ballast::postgres
