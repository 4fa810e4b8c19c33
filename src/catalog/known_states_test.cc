// SPDX-License-Identifier: Apache-2.0
#include "catalog/known_states.h"

#include <gtest/gtest.h>

#include "base/test_error_code.h"

namespace ballast::catalog {
namespace {

Snapshot SnapshotOf(const std::vector<std::string>& tables) {
  Snapshot snapshot;
  for (const std::string& table : tables) snapshot.push_back({"table", table, "kind", "ordinary"});
  return SortedSnapshot(std::move(snapshot));
}

KnownState StateOf(const std::string& name, const std::vector<std::string>& tables) {
  const Snapshot snapshot = SnapshotOf(tables);
  return {name, Fingerprint(snapshot), snapshot};
}

TEST(KnownStatesTest, RoundTrips) {
  const Snapshot base = SnapshotOf({"A", "B\twith tab", "C"});
  const std::vector<KnownState> states = {
      StateOf("v1", {"A"}), StateOf("the same", {"A", "B\twith tab", "C"}), StateOf("v0", {}),
      StateOf("other", {"state", "D", "E\\\n"})};
  const std::string text = RenderStates(base, states);
  const auto read = ParseStates(base, text, "states.facts");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(*read, states);
  EXPECT_EQ(text.find("+table\tA\t"), std::string::npos) << "only what differs is written";
}

TEST(KnownStatesTest, RefusesInvalidInput) {
  const Snapshot base = SnapshotOf({"A", "B"});
  const std::string good = RenderStates(base, {StateOf("v1", {"A"})});
  const std::string entry = "table\tB\tkind\tordinary\n";
  const struct {
    const char* what;
    std::string text;
  } cases[] = {
      {"a change without a state", "-" + entry},
      {"another fingerprint", "state\tabc\tv1\n-" + entry},
      {"taken away twice", good + "-" + entry},
      {"added though it is there", good + "+table\tA\tkind\tordinary\n"},
      {"neither sign", good + "table\tA\tkind\tordinary\n"},
      {"not a property", good + "+nonsense\n"},
      {"cut off", good.substr(0, good.size() - 5)},
  };
  for (const auto& c : cases) {
    const auto read = ParseStates(base, c.text, "states.facts");
    ASSERT_FALSE(read.ok()) << c.what;
    EXPECT_EQ(read.error().code, ErrorCode::kPackageEdited) << c.what;
  }
  EXPECT_EQ(ErrorCodeOf(ParseStates(SnapshotOf({"A"}), good, "states.facts")), "B401")
      << "another base";
  EXPECT_TRUE(ParseStates(base, "", "states.facts")->empty());
}

}  // namespace
}  // namespace ballast::catalog
