// SPDX-License-Identifier: Apache-2.0
#include "serve/store_writer.h"

#include <gtest/gtest.h>

#include <future>
#include <vector>

namespace ballast::serve {
namespace {

TEST(StoreWriterTest, NeverWaitsForTheStore) {
  std::promise<void> answer;
  std::promise<void> begun;
  std::vector<int> done;
  StoreWriter writer(2);
  ASSERT_TRUE(writer.Add([&] {
    begun.set_value();
    answer.get_future().wait();
    done.push_back(1);
  }));
  begun.get_future().wait();
  EXPECT_TRUE(writer.Add([&] { done.push_back(2); }));
  std::promise<void> last;
  EXPECT_TRUE(writer.Add([&] { last.set_value(); }));
  EXPECT_FALSE(writer.Add([&] { done.push_back(3); }));
  EXPECT_EQ(writer.Waiting(), 2u);
  answer.set_value();
  last.get_future().wait();
  EXPECT_EQ(done, (std::vector<int>{1, 2}));
}

TEST(StoreWriterTest, DropsWhatWaitsWhenItStops) {
  std::promise<void> answer;
  std::promise<void> begun;
  bool dropped = true;
  StoreWriter writer;
  ASSERT_TRUE(writer.Add([&] {
    begun.set_value();
    answer.get_future().wait();
  }));
  begun.get_future().wait();
  ASSERT_TRUE(writer.Add([&] { dropped = false; }));
  std::thread stops([&] { writer.Stop(); });
  while (writer.Waiting() > 0) std::this_thread::yield();
  answer.set_value();
  stops.join();
  EXPECT_TRUE(dropped);
  EXPECT_FALSE(writer.Add([] {}));
}

}  // namespace
}  // namespace ballast::serve
