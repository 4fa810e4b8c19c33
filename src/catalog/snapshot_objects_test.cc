// SPDX-License-Identifier: Apache-2.0
#include "catalog/snapshot_objects.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ballast::catalog {
namespace {

TEST(SnapshotObjects, APartHasAParent) {
  struct Case {
    std::string kind, identity;
    PropertyValues properties;
    std::string parent;
  };
  const std::vector<Case> cases = {
      {"column", "billing.\"Invoice\".total", {}, "billing.\"Invoice\""},
      {"domain constraint", "email.email_check", {}, "email"},
      {"trigger", "t.on_insert", {}, "t"},
      {"index", "t_a_idx", {{"table", "t"}}, "t"},
      {"statistics", "s", {{"table", "billing.t"}}, "billing.t"},
      {"sequence", "t_id_seq", {{"owned by", "billing.t.id"}}, "billing.t"},
      {"sequence", "numbers", {}, ""},
      {"table", "p", {{"partition of", "t"}}, ""},
      {"table", "t", {{"owned by", "other.id"}}, ""},
      {"function", "f(integer)", {}, ""},
  };
  for (const Case& it : cases) {
    EXPECT_EQ(ParentOf(it.kind, it.identity, it.properties), it.parent) << it.identity;
  }
}

TEST(SnapshotObjects, AChildTableFollowsItsParentAsItsPartsDo) {
  EXPECT_TRUE(IsChildTable(PropertyValues{{"partition of", "t"}}));
  EXPECT_TRUE(IsChildTable(PropertyValues{{"inherits", "t"}}));
  EXPECT_FALSE(IsChildTable(PropertyValues{{"attached to", "t_idx"}}));
  EXPECT_TRUE(FollowsParent({{"attached to", "t_idx"}}));
  EXPECT_TRUE(FollowsParent({{"inherited", "yes"}}));
  EXPECT_FALSE(FollowsParent({{"table", "t"}}));
}

TEST(SnapshotObjects, AreFoundByKindAndIdentity) {
  const Snapshot snapshot = {{"column", "v.a", "position", "1"},
                             {"column", "v.a", "type", "text"},
                             {"view", "v", "definition", "SELECT 1"}};
  const SnapshotObjects all(snapshot);
  EXPECT_TRUE(all.Has({"view", "v"}));
  EXPECT_FALSE(all.Has({"table", "v"}));
  EXPECT_TRUE(all.HasParent("v"));
  EXPECT_FALSE(all.HasParent("w"));
  EXPECT_EQ(all.PropertiesOf({"column", "v.a"}).size(), 2U);
  EXPECT_TRUE(all.PropertiesOf({"column", "v.b"}).empty());
  ASSERT_NE(all.Value({"column", "v.a"}, "type"), nullptr);
  EXPECT_EQ(*all.Value({"column", "v.a"}, "type"), "text");
  EXPECT_EQ(all.Value({"column", "v.a"}, "default"), nullptr);
  const SnapshotObjects without(snapshot, LayoutProperties::kLeftOut);
  EXPECT_EQ(without.PropertiesOf({"column", "v.a"}).size(), 1U);
}

}  // namespace
}  // namespace ballast::catalog
