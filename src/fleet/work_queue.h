// SPDX-License-Identifier: Apache-2.0
// Distributes targets to threads, at most one per database at a time, because deploys of two
// schemas of one database would wait for each other's lock.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ballast::fleet {

class WorkQueue {
 public:
  // An item with an empty key never waits.
  struct Item {
    size_t member = 0;
    std::string database;
  };
  explicit WorkQueue(std::vector<Item> items);

  // The next item; waits while all remaining ones belong to databases in progress. Empty after the
  // last item or after Stop.
  std::optional<Item> Take();
  // The item is finished.
  void Done(const Item& item);
  // Take returns no more items.
  void Stop();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Item> items_;
  std::set<std::string> at_work_;
  bool stopped_ = false;
};

}  // namespace ballast::fleet
