// SPDX-License-Identifier: Apache-2.0
#include "serve/observation_queue.h"

#include <gmock/gmock.h>

namespace ballast::serve {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Time = ObservationQueue::Time;

constexpr ObservationQueue::Limits kLimits{2, 4, 1};
const Time kStart = Time(seconds(1000));

// All that can begin.
std::vector<size_t> TakeAll(ObservationQueue& queue, Time now) {
  std::vector<size_t> taken;
  Time wake;
  while (const auto index = queue.Take(now, &wake)) taken.push_back(*index);
  return taken;
}

Time WakeOf(ObservationQueue& queue, Time now) {
  Time wake;
  EXPECT_FALSE(queue.Take(now, &wake));
  return wake;
}

TEST(ObservationQueueTest, OccupiesTheSlots) {
  ObservationQueue queue(4, kLimits, kStart);
  EXPECT_THAT(TakeAll(queue, kStart), ElementsAre(0, 1));
  queue.End(0, false, kStart + seconds(3));
  EXPECT_THAT(TakeAll(queue, kStart), ElementsAre(2));
  queue.End(1, false, kStart + seconds(3));
  queue.End(2, false, kStart + seconds(3));
  EXPECT_THAT(TakeAll(queue, kStart), ElementsAre(3));
  EXPECT_EQ(WakeOf(queue, kStart), kStart + seconds(3));
  EXPECT_THAT(TakeAll(queue, kStart + seconds(3)), ElementsAre(0, 1));
}

TEST(ObservationQueueTest, OneThatDoesNotConnectGivesUpItsSlot) {
  ObservationQueue queue(8, kLimits, kStart);
  EXPECT_THAT(TakeAll(queue, kStart), ElementsAre(0, 1));
  const Time later = kStart + ObservationQueue::kConnects;
  EXPECT_EQ(WakeOf(queue, kStart), later);
  EXPECT_THAT(TakeAll(queue, later), ElementsAre(2, 3));
  // Four are running.
  EXPECT_EQ(WakeOf(queue, later + seconds(1)), Time::max());
}

TEST(ObservationQueueTest, OneThatAnswersLateWaitsForASlot) {
  ObservationQueue queue(8, kLimits, kStart);
  TakeAll(queue, kStart);
  const Time later = kStart + ObservationQueue::kConnects;
  EXPECT_THAT(TakeAll(queue, later), ElementsAre(2, 3));
  for (size_t index = 0; index < 4; ++index) queue.Answered(index);
  EXPECT_TRUE(queue.Observe(0, later));
  EXPECT_TRUE(queue.Observe(3, later));
  EXPECT_FALSE(queue.Observe(1, later));
  EXPECT_THAT(TakeAll(queue, later), IsEmpty());
  queue.End(0, false, later + seconds(3));
  EXPECT_TRUE(queue.Observe(1, later));
  EXPECT_FALSE(queue.Observe(2, later));
  // An observation that lasts gives up its slot, too.
  EXPECT_TRUE(queue.Observe(2, later + ObservationQueue::kObserves));
}

TEST(ObservationQueueTest, TheSilentHaveALaneOfTheirOwn) {
  ObservationQueue queue(4, kLimits, kStart);
  TakeAll(queue, kStart);
  queue.End(0, true, kStart);
  queue.End(1, true, kStart);
  // One of the lane, two of the others.
  EXPECT_THAT(TakeAll(queue, kStart), ElementsAre(0, 2, 3));
  queue.End(2, false, kStart);
  EXPECT_THAT(TakeAll(queue, kStart), ElementsAre(2));
  queue.End(0, false, kStart + seconds(3));
  EXPECT_THAT(TakeAll(queue, kStart), ElementsAre(1));
  queue.End(2, false, kStart + seconds(3));
  queue.End(3, false, kStart + seconds(3));
  // 0 has answered and is one of the others again.
  EXPECT_THAT(TakeAll(queue, kStart + seconds(3)), ElementsAre(0, 2));
}

TEST(ObservationQueueTest, ThoseOfAProjectBecomeDue) {
  ObservationQueue queue(3, {8, 8, 8}, kStart);
  TakeAll(queue, kStart);
  queue.End(0, false, kStart + seconds(3));
  queue.End(1, false, kStart + seconds(3));
  queue.MakeDue(kStart, [](size_t index) { return index != 0; });
  EXPECT_THAT(TakeAll(queue, kStart), ElementsAre(1));
}

TEST(ObservationQueueTest, AThousandThatHangDelayOneForSecondsOnly) {
  // The worst place: all others are before it, and nothing is known about them.
  ObservationQueue queue(1000, {}, kStart);
  std::map<size_t, Time> begun;
  Time now = kStart;
  for (; begun.count(999) == 0; now += milliseconds(10)) {
    for (const size_t index : TakeAll(queue, now)) begun[index] = now;
    for (auto entry = begun.begin(); entry != begun.end();) {
      const bool ends = now - entry->second >= seconds(5);
      if (ends) queue.End(entry->first, true, now + seconds(3));
      entry = ends ? begun.erase(entry) : std::next(entry);
    }
  }
  EXPECT_LT(now - kStart, seconds(32));
  // From then on, nothing delays it.
  queue.End(999, false, now);
  Time wake;
  std::vector<size_t> taken = TakeAll(queue, now);
  EXPECT_THAT(taken, ::testing::Contains(999));
}

}  // namespace
}  // namespace ballast::serve
