// SPDX-License-Identifier: Apache-2.0
// Names those who begin to wait for the deployment lock while one long statement runs.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/progress.h"
#include "postgres/session.h"

namespace ballast::postgres {

// From its making to its end a thread of its own looks, on a connection of its own, every half
// second; it connects only when a second has passed. Each waiter is named once, by a notice; the
// maker must not use `progress` meanwhile. What goes wrong in it is of no consequence.
class LockWaiterMonitor {
 public:
  LockWaiterMonitor(Target target, std::string doing, Progress& progress);
  ~LockWaiterMonitor();
  LockWaiterMonitor(const LockWaiterMonitor&) = delete;
  LockWaiterMonitor& operator=(const LockWaiterMonitor&) = delete;

 private:
  void Watch();
  // Waits that long; true when the end has come.
  bool Ended(std::chrono::milliseconds pause);
  void Name(const std::string& waiter);

  const Target target_;
  const std::string doing_;
  Progress& progress_;
  std::set<std::string> named_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;
  std::thread thread_;  // last: it starts when all else is there
};

}  // namespace ballast::postgres
