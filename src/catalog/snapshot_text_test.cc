// SPDX-License-Identifier: Apache-2.0
#include "catalog/snapshot_text.h"

#include <gtest/gtest.h>

#include "catalog/known_states.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {
namespace {

Snapshot SnapshotOf(const std::vector<std::string>& tables) {
  Snapshot snapshot;
  for (const std::string& table : tables) {
    snapshot.push_back({"column", table + ".id", std::string(kLayoutProperty), "1"});
    snapshot.push_back({"table", table, "kind", "ordinary"});
  }
  return SortedSnapshot(std::move(snapshot));
}

TEST(SnapshotTextTest, GivesTheFingerprintsOfTheValues) {
  for (const auto& tables : std::vector<std::vector<std::string>>{
           {}, {"A"}, {"A", "B\twith tab", "C\nwith line", "position"}}) {
    const Snapshot snapshot = SnapshotOf(tables);
    const auto found = FingerprintsOfText(RenderSnapshot(snapshot), "catalog.facts");
    ASSERT_TRUE(found.ok()) << found.error().message;
    EXPECT_EQ(*found, (TextFingerprints{Fingerprint(snapshot), LayoutFingerprint(snapshot)}));
  }
}

TEST(SnapshotTextTest, RefusesWhatRenderSnapshotDoesNotWrite) {
  for (const char* text :
       {"table\tA\tkind\tordinary", "x\n", "\n", "a\tb\tc\td\te\n",
        "table\tB\tkind\tx\ntable\tA\tkind\tx\n", "table\tA\tkind\tx\ntable\tA\tkind\tx\n"}) {
    const auto found = FingerprintsOfText(text, "catalog.facts");
    ASSERT_FALSE(found.ok()) << text;
    EXPECT_EQ(CodeOf(found.error().code), "B401");
  }
}

TEST(SnapshotTextTest, GivesTheFingerprintsOfStates) {
  const Snapshot base = SnapshotOf({"A", "B", "C"});
  std::vector<KnownState> states;
  for (const auto& tables :
       std::vector<std::vector<std::string>>{{"A"}, {}, {"A", "B", "C"}, {"0", "B", "D"}}) {
    const Snapshot snapshot = SnapshotOf(tables);
    states.push_back({"v" + std::to_string(tables.size()), Fingerprint(snapshot), snapshot});
  }
  const std::string text = RenderStates(base, states);
  const auto found = StatesOfText(RenderSnapshot(base), text, "states.facts");
  ASSERT_TRUE(found.ok()) << found.error().message;
  ASSERT_EQ(found->size(), states.size());
  for (size_t i = 0; i < states.size(); ++i) {
    EXPECT_EQ((*found)[i],
              (TextState{states[i].name, states[i].fingerprint, states[i].fingerprint}));
  }
}

TEST(SnapshotTextTest, RefusesStatesThatDoNotFit) {
  const Snapshot base = SnapshotOf({"A", "B"});
  const Snapshot other = SnapshotOf({"A"});
  const std::string good = RenderStates(base, {{"v1", Fingerprint(other), other}});
  const std::string entry = "table\tB\tkind\tordinary\n";
  const std::string removed = "-" + entry;
  for (const std::string& text : std::vector<std::string>{
           removed, "state\tabc\tv1\n" + removed, good + removed,
           good + "+table\tA\tkind\tordinary\n", good + entry, good + "+nonsense\n", "state\tabc\n",
           good.substr(0, good.size() - 5)}) {
    const auto found = StatesOfText(RenderSnapshot(base), text, "states.facts");
    ASSERT_FALSE(found.ok()) << text;
    EXPECT_EQ(CodeOf(found.error().code), "B401");
  }
}

}  // namespace
}  // namespace ballast::catalog
