// SPDX-License-Identifier: Apache-2.0
#include "serve/store_writer.h"

#include <utility>

namespace ballast::serve {

StoreWriter::StoreWriter(size_t most) : most_(most), thread_([this] { Run(); }) {}

StoreWriter::~StoreWriter() {
  Stop();
}

bool StoreWriter::Add(std::function<void()> work) {
  {
    const std::scoped_lock lock(mutex_);
    if (stopping_ || waiting_.size() >= most_) return false;
    waiting_.push_back(std::move(work));
  }
  changed_.notify_one();
  return true;
}

size_t StoreWriter::Waiting() const {
  const std::scoped_lock lock(mutex_);
  return waiting_.size();
}

void StoreWriter::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    waiting_.clear();
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void StoreWriter::Run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const std::function<void()> work = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace ballast::serve
