// SPDX-License-Identifier: Apache-2.0
#include "catalog/object_ref.h"

#include <gtest/gtest.h>

#include "catalog/managed_comparison.h"

namespace ballast::catalog {
namespace {

ObjectRef Routine(std::string kind, Name name, std::string arguments) {
  return {std::move(kind), std::move(name), {}, std::move(arguments), {}};
}

ObjectRef Object(std::string kind, Name name) {
  return Routine(std::move(kind), std::move(name), {});
}

TEST(ObjectRefTest, AreReadFromSnapshots) {
  struct Case {
    const char* kind;
    const char* identity;
    ObjectRef expected;
  };
  for (const Case& test : {
           Case{"table", "\"User\"", Object("table", {"", "User"})},
           {"table", "billing.\"a.b\"", Object("table", {"billing", "a.b"})},
           {"column", "\"User\".\"a.b\"", PartOf({"", "User"}, "column", "a.b")},
           {"constraint", "s.\"T\".c", PartOf({"s", "T"}, "constraint", "c")},
           {"domain constraint", "d.\"c \"\"x\"\"\"",
            PartOf({"", "d"}, "domain constraint", "c \"x\"")},
           {"function", "f(integer, \"Role\")",
            Routine("function", {"", "f"}, "integer, \"Role\"")},
           {"procedure", "s.\"f(x\"()", Routine("procedure", {"s", "f(x"}, "")},
           {"operator", "s.+(integer, NONE)", Routine("operator", {"s", "+"}, "integer, NONE")},
           {"operator class", "s.o using btree", Object("operator class", {"s", "o using btree"})},
           {"schema", "\"My Schema\"", Object("schema", {"", "My Schema"})},
           {"schema", "<target>", Object("schema", {"", "<target>"})},
           {"extension", "pg_trgm", Object("extension", {"", "pg_trgm"})},
       }) {
    EXPECT_EQ(RefOf(test.kind, test.identity), test.expected) << test.kind << " " << test.identity;
  }
}

TEST(ObjectRefTest, GlobsMatchNamesTablesAndSchemas) {
  const ObjectRef user = Object("table", {"", "User"});
  const ObjectRef age = PartOf({"", "User"}, "column", "age");
  const ObjectRef odd = PartOf({"", "User"}, "column", "a.b");
  const ObjectRef far = PartOf({"s", "t"}, "column", "a");
  const ObjectRef check = PartOf({"", "a ON b"}, "constraint", "c");
  const ObjectRef of_domain = PartOf({"", "d"}, "domain constraint", "c");
  const ObjectRef view = Object("materialized view", {"s", "v"});
  const ObjectRef routine = Routine("function", {"", "f"}, "integer, text");
  ObjectRef index = Object("index", {"s", "i"});
  index.table = {"s", "t"};
  struct Case {
    const ObjectRef& object;
    const char* glob;
    bool expected;
  };
  for (const auto& [object, glob, expected] : {
           Case{user, "User", true},
           {user, "\"User\"", true},
           {user, "table U*", true},
           {user, "view *", false},
           {age, "User.age", true},
           {age, "column \"User\".age", true},
           {age, "table \"User\"", true},
           {odd, "table User", true},
           {odd, "table User.a", false},
           {far, "schema s", true},
           {far, "table s.t", true},
           {check, "table a ON b", true},
           {check, "table b", false},
           {check, "\"a ON b\".c", true},
           {of_domain, "domain constraint d.c", true},
           {view, "s.v", true},
           {view, "materialized view s.v", true},
           {view, "schema s", true},
           {routine, "f", true},
           {routine, "f(integer, text)", true},
           {routine, "function f(*", true},
           {routine, "f(integer)", false},
           {index, "s.i", true},
           {index, "table s.t", true},
           {index, "schema s", true},
           {index, "table t", false},
           {Object("table", {"", "s.t"}), "schema s", false},
       }) {
    EXPECT_EQ(IsCovered(object, {glob}), expected)
        << object.kind << " " << object.name.name << " " << glob;
  }
}

TEST(ObjectRefTest, PartsBelongToTheirTablesAndSchemas) {
  const std::vector<ObjectRef> objects = {
      Object("table", {"", "other"}), Object("schema", {"", "o"}),
      Routine("function", {"", "f"}, "text"), Object("index", {"", "i"})};
  ObjectRef index = Object("index", {"", "j"});
  index.table = {"", "other"};
  EXPECT_TRUE(BelongsTo(Object("table", {"", "other"}), objects));
  EXPECT_TRUE(BelongsTo(PartOf({"", "other"}, "constraint", "c"), objects));
  EXPECT_TRUE(BelongsTo(PartOf({"o", "t"}, "constraint", "c"), objects));
  EXPECT_TRUE(BelongsTo(Object("view", {"o", "v"}), objects));
  EXPECT_TRUE(BelongsTo(Routine("function", {"", "f"}, "text"), objects));
  EXPECT_TRUE(BelongsTo(index, objects));
  EXPECT_FALSE(BelongsTo(Routine("function", {"", "f"}, "integer"), objects));
  EXPECT_FALSE(BelongsTo(Routine("procedure", {"", "f"}, "text"), objects));
  EXPECT_FALSE(BelongsTo(Object("table", {"", "others"}), objects));
  EXPECT_FALSE(BelongsTo(Object("table", {"s", "other"}), objects));
  EXPECT_FALSE(BelongsTo(PartOf({"", "i"}, "column", "c"), objects));
}

TEST(ObjectRefTest, DifferencesKnowTheTableOfAnIndex) {
  Difference difference{
      "index s.i", "index", "s.i", ChangeKind::kExtra,
      {},          {},      {},    {{"definition", "USING btree (a)"}, {"table", "s.\"T\""}}};
  const ObjectRef object = RefOf(difference);
  EXPECT_EQ(object, Object("index", {"s", "i"}));
  EXPECT_EQ(object.table, (Name{"s", "T"}));
  EXPECT_TRUE(IsCovered(difference, {"table \"s\".\"T\""}));
}

}  // namespace
}  // namespace ballast::catalog
