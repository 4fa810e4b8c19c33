// SPDX-License-Identifier: Apache-2.0
#include "fleet/work_queue.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ballast::fleet {

WorkQueue::WorkQueue(std::vector<Item> items)
    : items_(std::make_move_iterator(items.begin()), std::make_move_iterator(items.end())) {}

std::optional<WorkQueue::Item> WorkQueue::Take() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopped_ && !items_.empty()) {
    const auto free = std::find_if(items_.begin(), items_.end(), [&](const Item& item) {
      return item.database.empty() || !at_work_.contains(item.database);
    });
    if (free != items_.end()) {
      Item item = std::move(*free);
      items_.erase(free);
      if (!item.database.empty()) at_work_.insert(item.database);
      return item;
    }
    changed_.wait(lock);
  }
  return std::nullopt;
}

void WorkQueue::Done(const Item& item) {
  const std::lock_guard<std::mutex> lock(mutex_);
  at_work_.erase(item.database);
  changed_.notify_all();
}

void WorkQueue::Stop() {
  const std::lock_guard<std::mutex> lock(mutex_);
  stopped_ = true;
  changed_.notify_all();
}

}  // namespace ballast::fleet
