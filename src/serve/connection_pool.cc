// SPDX-License-Identifier: Apache-2.0
#include "serve/connection_pool.h"

namespace ballast::serve {

bool ConnectionPool::Take(const std::function<void()>& work) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_) return false;
    if (waiting_.size() >= idle_) {
      if (threads_.size() >= most_) return false;
      threads_.emplace_back([this] { Work(); });
      ++idle_;
    }
    waiting_.push_back(work);
  }
  changed_.notify_one();
  return true;
}

void ConnectionPool::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const std::function<void()> work = std::move(waiting_.front());
    waiting_.pop_front();
    --idle_;
    lock.unlock();
    work();
    lock.lock();
    ++idle_;
  }
}

void ConnectionPool::Shutdown() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace ballast::serve
