// SPDX-License-Identifier: Apache-2.0
#include "catalog/state_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/test_error_code.h"

namespace ballast::catalog {
namespace {

ObjectProperty Column(const std::string& name, const std::string& type = "text") {
  return {"column", "t." + name, "type", type};
}

StateHistory SampleHistory() {
  StateHistory history;
  history.Add("m1", {Column("a")});
  history.Add("m2", SortedSnapshot({Column("a"), Column("b")}));
  history.Add("m3", SortedSnapshot({Column("a"), Column("b")}));
  history.Add("m4", SortedSnapshot({Column("a", "integer"), Column("c")}));
  return history;
}

TEST(StateHistoryTest, KnowsEachPoint) {
  const StateHistory history = SampleHistory();
  ASSERT_EQ(history.size(), 4U);
  EXPECT_EQ(history.At(0), (Snapshot{Column("a")}));
  EXPECT_EQ(history.At(2), SortedSnapshot({Column("a"), Column("b")}));
  EXPECT_EQ(history.At(3), SortedSnapshot({Column("a", "integer"), Column("c")}));
  EXPECT_EQ(history.Union().size(), 4U);
}

TEST(StateHistoryTest, ReadsWhatItWrites) {
  const StateHistory history = SampleHistory();
  const auto read = StateHistory::Parse(history.Render(), "f");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->Render(), history.Render());
  EXPECT_EQ(read->At(3), history.At(3));
  for (const char* text : {"+x", "point\tm\nx", "point\tm\n+x"}) {
    EXPECT_EQ(ErrorCodeOf(StateHistory::Parse(text, "f")), "B401") << text;
  }
}

TEST(StateHistoryTest, SkipsIndistinguishableStates) {
  const auto distances = SampleHistory().DistancesTo(SortedSnapshot({Column("a"), Column("b")}));
  ASSERT_EQ(distances.size(), 3U);
  EXPECT_EQ(distances[0].missing, 0U);
  EXPECT_EQ(distances[0].extra, 1U);
  EXPECT_EQ(distances[1].point, 2U);
  EXPECT_EQ(distances[1].missing + distances[1].extra, 0U);
  EXPECT_EQ(distances[2].missing, 2U);
  EXPECT_EQ(distances[2].extra, 2U);
}

}  // namespace
}  // namespace ballast::catalog
