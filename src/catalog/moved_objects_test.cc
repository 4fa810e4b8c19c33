// SPDX-License-Identifier: Apache-2.0
#include "catalog/moved_objects.h"

#include <gtest/gtest.h>

namespace ballast::catalog {
namespace {

TEST(MovedObjectsTest, FollowsIdentities) {
  const ObjectIdentities before = {{"1.10", {"table", "a"}},      {"1.10.1", {"column", "a.x"}},
                                   {"1.10.2", {"column", "a.y"}}, {"1.11", {"table", "b"}},
                                   {"1.12", {"table", "c"}},      {"1.12.1", {"column", "c.x"}},
                                   {"1.13", {"table", "d"}}};
  // a and b have exchanged their names, a.y and c were made again, d was dropped.
  const ObjectIdentities after = {{"1.10", {"table", "b"}},      {"1.10.1", {"column", "b.x"}},
                                  {"1.10.3", {"column", "a.y"}}, {"1.11", {"table", "a"}},
                                  {"1.14", {"table", "c"}},      {"1.14.1", {"column", "c.x"}}};
  const MovedObjects moved(before, after);
  EXPECT_EQ(moved.After({"table", "a"}), ObjectKey("table", "b"));
  EXPECT_EQ(moved.After({"table", "b"}), ObjectKey("table", "a"));
  EXPECT_EQ(moved.After({"column", "a.x"}), ObjectKey("column", "b.x"));
  EXPECT_EQ(moved.After({"column", "b.x"}), std::nullopt);
  EXPECT_EQ(moved.After({"table", "d"}), ObjectKey("table", "d"));
  EXPECT_TRUE(moved.IsMadeAgain({"column", "a.y"}));
  EXPECT_TRUE(moved.IsMadeAgain({"table", "c"}));
  EXPECT_FALSE(moved.IsMadeAgain({"column", "c.x"}));  // it belongs to another table
  EXPECT_FALSE(moved.IsMadeAgain({"table", "a"}));
  EXPECT_EQ(moved.TakenAlong({"table", "a"}), std::nullopt);
  EXPECT_EQ(moved.TakenAlong({"column", "a.x"}), ObjectKey("column", "b.x"));
}

TEST(MovedObjectsTest, ReadsTextsWithNewNames) {
  const MovedObjects moved({{{"table", "t"}, {"table", "s.\"T2\""}},
                            {{"column", "t.old"}, {"column", "s.\"T2\".new"}},
                            {{"column", "u.a"}, {"column", "u.b"}},
                            {{"column", "u.b"}, {"column", "u.a"}},
                            {{"enum", "kind"}, {"enum", "sort"}},
                            {{"enum value", "kind.x"}, {"enum value", "sort.y"}},
                            {{"sequence", "q"}, {"sequence", "r"}}});
  const struct {
    const char* before;
    const char* after;
    bool renamed;
  } cases[] = {
      {"SELECT old FROM t", "SELECT new AS old FROM s.\"T2\" t", true},
      {"SELECT t.old, x.id FROM (t JOIN x ON ((t.id = x.id)))",
       "SELECT t.new AS old, x.id FROM (s.\"T2\" t JOIN x ON ((t.id = x.id)))", true},
      {"SELECT id FROM (t JOIN x USING (id, old))",
       "SELECT id FROM (s.\"T2\" t(id, old) JOIN x USING (id, old))", true},
      {"SELECT a, b FROM u", "SELECT b AS a, a AS b FROM u", true},
      {"FOREIGN KEY (x) REFERENCES t(old)", "FOREIGN KEY (x) REFERENCES s.\"T2\"(new)", true},
      {"'x'::kind", "'y'::sort", true},
      {"'z'::kind", "'y'::sort", false},
      {"kind[]", "sort[]", true},
      {"nextval('q'::regclass)", "nextval('r'::regclass)", true},
      {"USING btree (old)", "USING btree (new)", true},
      {"USING btree (old)", "USING btree (new DESC)", false},
      {"USING btree (old)", "USING btree (new, old)", false},
      {"SELECT id FROM x", "SELECT id AS old FROM x", false},
      {"SELECT old FROM t WHERE (id > 1)", "SELECT new AS old FROM s.\"T2\" t", false},
      {"old", "character varying(1)", false},
      {"text", "bigint", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(moved.IsRenamedText(c.before, c.after), c.renamed) << c.before << " " << c.after;
  }
}

}  // namespace
}  // namespace ballast::catalog
