// SPDX-License-Identifier: Apache-2.0
// A thread that writes to the store, so that a store that is slow or does not answer delays no
// observation.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace ballast::serve {

// Thread-safe.
class StoreWriter {
 public:
  // At most `most` pieces of work wait.
  explicit StoreWriter(size_t most = 256);
  ~StoreWriter();  // as Stop()
  StoreWriter(const StoreWriter&) = delete;
  StoreWriter& operator=(const StoreWriter&) = delete;

  // Work is done in the order in which it is added. False: too much of it waits, or it was stopped.
  bool Add(std::function<void()> work);
  // The number of pieces of work that wait.
  size_t Waiting() const;
  // Ends after the work that is being done. What waits is dropped.
  void Stop();

 private:
  void Run();

  const size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace ballast::serve
