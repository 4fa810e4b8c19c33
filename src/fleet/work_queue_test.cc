// SPDX-License-Identifier: Apache-2.0
#include "fleet/work_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <thread>

namespace ballast::fleet {
namespace {

TEST(WorkQueue, HandsOutEachItemOnceAndOneOfADatabaseAtATime) {
  std::vector<WorkQueue::Item> items;
  for (size_t i = 0; i < 600; ++i) {
    items.push_back({i, i % 3 == 0 ? "" : "d" + std::to_string(i % 7)});
  }
  WorkQueue queue(items);
  std::vector<std::atomic<int>> taken(items.size());
  std::map<std::string, std::atomic<int>> at_work;
  for (const auto& item : items) at_work[item.database] = 0;
  std::atomic<bool> together = false;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      while (const auto item = queue.Take()) {
        ++taken[item->member];
        if (++at_work[item->database] > 1 && !item->database.empty()) together = true;
        std::this_thread::yield();
        --at_work[item->database];
        queue.Done(*item);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& count : taken) EXPECT_EQ(count, 1);
  EXPECT_FALSE(together);
}

TEST(WorkQueue, StopEndsTheWait) {
  WorkQueue queue({{0, "d"}, {1, "d"}});
  const auto first = queue.Take();
  ASSERT_TRUE(first);
  std::thread waiter([&] { EXPECT_FALSE(queue.Take()); });
  queue.Stop();
  waiter.join();
}

}  // namespace
}  // namespace ballast::fleet
