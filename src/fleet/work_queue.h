// SPDX-License-Identifier: Apache-2.0
// Hands targets out to threads, one of each database at a time: deploys of two schemas of one
// database would only wait for each other's lock.
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
  // An item with an empty key is never kept waiting.
  struct Item {
    size_t member = 0;
    std::string database;
  };
  explicit WorkQueue(std::vector<Item> items);

  // The next item; waits while all that are left are of databases at work. Nothing: all are handed
  // out, or Stop was called.
  std::optional<Item> Take();
  // The item has been dealt with.
  void Done(const Item& item);
  // Nothing further is handed out.
  void Stop();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Item> items_;
  std::set<std::string> at_work_;
  bool stopped_ = false;
};

}  // namespace ballast::fleet
