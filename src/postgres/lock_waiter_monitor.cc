// SPDX-License-Identifier: Apache-2.0
#include "postgres/lock_waiter_monitor.h"

#include <fmt/format.h>

#include "postgres/lock_waiters.h"

namespace ballast::postgres {
namespace {

constexpr std::chrono::milliseconds kBeforeConnecting{1000};
constexpr std::chrono::milliseconds kBetweenLooks{500};

}  // namespace

LockWaiterMonitor::LockWaiterMonitor(Target target, std::string doing, Progress& progress)
    : target_(std::move(target)),
      doing_(std::move(doing)),
      progress_(progress),
      thread_([this] { Watch(); }) {}

LockWaiterMonitor::~LockWaiterMonitor() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

bool LockWaiterMonitor::Ended(std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, pause, [this] { return ended_; });
}

void LockWaiterMonitor::Name(const std::string& waiter) {
  if (!named_.insert(waiter).second) return;
  progress_.Notice(fmt::format("{} waits for the deployment lock while {} runs", waiter, doing_));
}

void LockWaiterMonitor::Watch() {
  if (Ended(kBeforeConnecting)) return;
  auto session = Session::Connect(target_);
  if (!session) return;
  while (!Ended(kBetweenLooks)) {
    const auto waiters = LockWaiters(*session);
    if (!waiters) return;
    for (const LockWaiter& waiter : *waiters) Name(waiter.description);
  }
}

}  // namespace ballast::postgres
