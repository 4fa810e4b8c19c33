// SPDX-License-Identifier: Apache-2.0
#include "assess/state_between.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "catalog/managed_comparison.h"

namespace ballast::assess {
namespace {

using catalog::Snapshot;

Snapshot Sorted(Snapshot snapshot) {
  return catalog::SortedSnapshot(std::move(snapshot));
}

Snapshot With(Snapshot base, const Snapshot& more) {
  base.insert(base.end(), more.begin(), more.end());
  return Sorted(std::move(base));
}

Snapshot Without(Snapshot base, const std::string& object) {
  std::erase_if(base, [&](const catalog::ObjectProperty& item) { return item.object == object; });
  return base;
}

Snapshot Start() {
  return Sorted({{"table", "t", "kind", "ordinary"},
                 {"column", "t.a", "type", "text"},
                 {"column", "t.old", "type", "text"},
                 {"index", "t_a_idx", "table", "t"}});
}

// The script adds `b` and an index; the pending ones drop `old` and add `c`.
constexpr std::string_view kApplied = R"(ALTER TABLE t ADD COLUMN b integer; -- zz
ALTER TABLE t ADD COLUMN passing integer; CREATE INDEX t_b_idx ON t (b);)";
constexpr std::string_view kPending =
    "ALTER TABLE t DROP COLUMN old, DROP COLUMN passing, ADD COLUMN c integer;";

Snapshot Made() {
  return {{"column", "t.b", "type", "integer"}, {"index", "t_b_idx", "table", "t"}};
}

TEST(StateBetweenTest, WhatNoStateAndNoScriptExplainsIsADifference) {
  const Snapshot start = Start();
  const Snapshot after =
      With(Without(With(start, Made()), "t.old"), {{"column", "t.c", "type", "integer"}});
  const Snapshot now = With(With(start, Made()), {{"column", "t.passing", "type", "integer"}});
  struct Case {
    const char* what;
    Snapshot live;
    std::vector<std::string> drift;
    size_t additions = 0;
  };
  for (const Case& c : {
           Case{"as the scripts leave it", now, {}},
           Case{"a dropped column", Without(now, "t.a"), {"column t.a is missing"}},
           Case{"a dropped index", Without(now, "t_a_idx"), {"index t_a_idx is missing"}},
           Case{"a column that an applied script adds",
                Without(now, "t.b"),
                {"column t.b is missing"}},
           Case{"a column that is to be dropped", Without(now, "t.old"), {}},
           Case{"a column of others",
                With(now, {{"column", "t.zz", "type", "text"}}),
                {"column t.zz exists, but is not expected"}},
           Case{"an index of others", With(now, {{"index", "dba_idx", "table", "t"}}), {}, 1},
           Case{"another type",
                With(Without(now, "t.a"), {{"column", "t.a", "type", "uuid"}}),
                {"column t.a: type is uuid, expected text"}},
       }) {
    const StateBetween between{start, after, {kApplied}, {kPending}};
    const auto found = catalog::CompareManaged(ExpectedBetween(between, c.live), c.live, {});
    EXPECT_EQ(catalog::DescribeAll(found.drift), c.drift) << c.what;
    EXPECT_EQ(found.additions.size(), c.additions) << c.what;
  }
}

TEST(StateBetweenTest, WhatAPendingScriptMakesAgainIsNotMissing) {
  const Snapshot start = Start();
  const StateBetween between{start,
                             start,
                             {"ALTER TABLE t DROP COLUMN a;"},
                             {"ALTER TABLE t ADD COLUMN a text; CREATE INDEX t_a_idx ON t (a);"}};
  const Snapshot live = Without(Without(start, "t.a"), "t_a_idx");
  EXPECT_TRUE(catalog::CompareManaged(ExpectedBetween(between, live), live, {}).Equal());
  const StateBetween last{start, start, {"ALTER TABLE t ADD COLUMN b text;"}, {"SELECT 1;"}};
  EXPECT_EQ(catalog::CompareManaged(ExpectedBetween(last, live), live, {}).drift.size(), 2u);
}

TEST(StateBetweenTest, WhatOthersHaveMadeBeforeAPendingScriptIsAnAddition) {
  const Snapshot start = Start();
  const Snapshot after = With(start, {{"index", "t_a", "definition", "(a)"},
                                      {"table", "n", "kind", "ordinary"},
                                      {"column", "n.a", "type", "integer"},
                                      {"constraint", "n.n_pkey", "definition", "PRIMARY KEY (a)"}});
  const StateBetween between{start,
                             after,
                             {"CREATE INDEX CONCURRENTLY uk ON t (a);"},
                             {"CREATE INDEX IF NOT EXISTS t_a ON t (a); "
                              "CREATE TABLE IF NOT EXISTS n (a integer PRIMARY KEY);"}};
  for (const std::string type : {"integer", "text"}) {
    const Snapshot live = With(start, {{"index", "t_a", "definition", "(b)"},
                                       {"table", "n", "kind", "ordinary"},
                                       {"column", "n.a", "type", type},
                                       {"column", "n.b", "type", "text"}});
    const auto found = catalog::CompareManaged(ExpectedBetween(between, live), live, {});
    EXPECT_TRUE(found.drift.empty()) << Join(catalog::DescribeAll(found.drift), "; ");
    EXPECT_EQ(found.additions.size(), 2u);
  }
}

TEST(StateBetweenTest, RenamedTablesAndGeneratedNamesAreExplained) {
  const Snapshot live = Sorted({{"table", "u", "kind", "ordinary"},
                                {"column", "u.a", "type", "text"},
                                {"column", "u.of_start", "type", "text"},
                                {"sequence", "t_id_seq", "type", "integer"},
                                {"constraint", "u.t_a_fkey", "definition", "x"}});
  const StateBetween between{
      {}, {}, {"CREATE TABLE t (id SERIAL, a TEXT REFERENCES s); ALTER TABLE t RENAME TO u;"}, {}};
  EXPECT_TRUE(catalog::CompareManaged(ExpectedBetween(between, live), live, {}).Equal());
}

TEST(StateBetweenTest, NamesWithQuotesAreFoundInStatements) {
  const Snapshot after = Sorted({{"table", "\"U\"\"q\"", "kind", "ordinary"},
                                 {"column", "\"U\"\"q\".note", "type", "varchar(100)"}});
  const Snapshot live = Sorted(
      {{"table", "\"U\"\"q\"", "kind", "ordinary"}, {"column", "\"U\"\"q\".note", "type", "text"}});
  const StateBetween between{{},
                             after,
                             {"CREATE TABLE \"U\"\"q\" (note text);"},
                             {"ALTER TABLE \"U\"\"q\" ALTER COLUMN note TYPE varchar(100);"}};
  EXPECT_TRUE(catalog::CompareManaged(ExpectedBetween(between, live), live, {}).Equal());
}

TEST(StateBetweenTest, SignaturesFollowRenamedTypes) {
  const auto function = [](const std::string& type) {
    return Sorted({{"function", "f(" + type + ")", "returns", "integer"}});
  };
  const std::string_view made = "CREATE FUNCTION f(p) RETURNS int LANGUAGE sql AS 'SELECT 1';";
  const std::string_view renamed = "ALTER TABLE p RENAME TO z;",
                         again = "ALTER TABLE z RENAME TO y;";
  struct Case {
    Snapshot before, after;
    std::vector<std::string_view> applied, pending;
    Snapshot live;
  };
  for (const Case& c : {Case{{}, function("z"), {made}, {renamed}, function("p")},
                        Case{function("p"), function("y"), {renamed}, {again}, function("z")},
                        Case{function("p"),
                             function("p"),
                             {renamed},
                             {"ALTER TABLE z RENAME TO p;"},
                             function("z")}}) {
    const StateBetween between{c.before, c.after, c.applied, c.pending};
    const auto found = catalog::CompareManaged(ExpectedBetween(between, c.live), c.live, {});
    EXPECT_TRUE(found.Equal()) << c.applied.front();
  }
  const Snapshot after = function("z");
  const StateBetween between{{}, after, {made, renamed}, {"SELECT 1;"}};
  EXPECT_EQ(catalog::CompareManaged(ExpectedBetween(between, {}), {}, {}).drift.size(), 1u);
}

TEST(StateBetweenTest, ScriptsThatMakeStatements) {
  EXPECT_TRUE(MakesStatements("DO $$ BEGIN EXECUTE format('DROP TABLE %I', 't'); END $$"));
  EXPECT_FALSE(MakesStatements("CREATE TRIGGER x AFTER INSERT ON t EXECUTE FUNCTION f()"));
  EXPECT_FALSE(MakesStatements("GRANT EXECUTE ON FUNCTION f() TO r"));
}

}  // namespace
}  // namespace ballast::assess
