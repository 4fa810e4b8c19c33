// SPDX-License-Identifier: Apache-2.0
#include "sql/value_changes.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

std::string Names(const std::vector<ChangedColumn>& columns) {
  std::string names;
  for (const ChangedColumn& one : columns) {
    names += (names.empty() ? "" : ", ") + one.table.schema +
             (one.table.schema.empty() ? "" : ".") + one.table.name + "." + one.column + "@" +
             std::to_string(one.script);
  }
  return names;
}

std::string Converted(const std::vector<std::string_view>& scripts) {
  return Names(ValueChangesIn(scripts).converted);
}

std::string Updated(const std::vector<std::string_view>& scripts) {
  return Names(ValueChangesIn(scripts).updated);
}

TEST(ValueChangesTest, ConvertsWithMoreThanACast) {
  for (const char* expression : {"v * 100", "(NOT v)::text", "CASE v WHEN 'a' THEN 'b' ELSE v END",
                                 "abs(v)", "-v", "coalesce(v, 0)", "v || ''", "w", "'x'", "NULL",
                                 "v AT TIME ZONE zone", "lower(v::text)", "v::bytea"}) {
    EXPECT_EQ(Converted({"SELECT 1;\n-- why\nALTER TABLE s.t ALTER v TYPE bigint USING " +
                         std::string(expression) + ";"}),
              "s.t.v@0")
        << expression;
  }
  for (const char* expression : {"v", "\"v\"", "(v)", "v::bigint", "CAST(v AS bigint)",
                                 "v::text::bigint", "t.v::text", "(v COLLATE \"C\")::text"}) {
    EXPECT_EQ(Converted({"ALTER TABLE t ALTER v TYPE bigint USING " + std::string(expression)}), "")
        << expression;
  }
  EXPECT_EQ(Converted({"ALTER TABLE t ALTER v TYPE bigint"}), "");
  EXPECT_EQ(Converted({"ALTER TABLE t ALTER v TYPE timestamptz USING v AT TIME ZONE 'UTC'"}), "");
}

TEST(ValueChangesTest, HasTheStatement) {
  const ValueChanges changes =
      ValueChangesIn({"SELECT 1;\n-- cents\nALTER TABLE t ALTER v TYPE bigint USING v * 100;\n"});
  ASSERT_EQ(changes.converted.size(), 1U);
  EXPECT_EQ(changes.converted.front().statement, "ALTER TABLE t ALTER v TYPE bigint USING v * 100");
}

TEST(ValueChangesTest, NamesColumnsAsTheyWereBefore) {
  EXPECT_EQ(Converted({"ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME v TO w;",
                       "ALTER TABLE \"u\" ALTER w TYPE int USING w + 1"}),
            "t.v@1");
  // A new column has the old name.
  EXPECT_EQ(Updated({"ALTER TABLE t RENAME v TO w; ALTER TABLE t ADD v int; UPDATE t SET v = w;"}),
            "");
  EXPECT_EQ(Updated({"CREATE TABLE n (v int); ALTER TABLE n RENAME TO m; UPDATE m SET v = 1;"}),
            "");
  EXPECT_EQ(Updated({"UPDATE t SET v = 1, w = 2; ALTER TABLE t DROP v;"}), "t.w@0");
  EXPECT_EQ(Updated({"UPDATE t SET v = 1; DROP TABLE t;"}), "");
}

TEST(ValueChangesTest, UpdatesInEveryStatement) {
  EXPECT_EQ(Updated({"UPDATE s.t AS x SET (a, b) = (1, 2), c[1] = 3 WHERE false"}),
            "s.t.a@0, s.t.b@0, s.t.c@0");
  EXPECT_EQ(Updated({"WITH x AS (UPDATE t SET a = 1 RETURNING 1) SELECT 1 FROM x"}), "t.a@0");
  EXPECT_EQ(Updated({"INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1"}), "t.a@0");
  EXPECT_EQ(Updated({"MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET a = u.a "
                     "WHEN NOT MATCHED THEN INSERT VALUES (1)"}),
            "t.a@0");
  EXPECT_EQ(Updated({"INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING"}), "");
  EXPECT_EQ(Updated({"CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC "
                     "UPDATE t SET a = 1 RETURNING 1; END"}),
            "");
}

TEST(ValueChangesTest, DeletesAndInsertsRows) {
  const auto deleted = [](std::string_view script) {
    return Names(ValueChangesIn({script}).deleted);
  };
  const auto inserted = [](std::string_view script) {
    return Names(ValueChangesIn({script}).inserted);
  };
  EXPECT_EQ(deleted("DELETE FROM s.t WHERE a; TRUNCATE u, v;"), "s.t.@0, u.@0, v.@0");
  EXPECT_EQ(deleted("WITH x AS (DELETE FROM t RETURNING 1) SELECT 1 FROM x"), "t.@0");
  EXPECT_EQ(deleted("ALTER TABLE t RENAME TO u; DELETE FROM u;"), "t.@0");
  EXPECT_EQ(deleted("CREATE TABLE t (a int); DELETE FROM t;"), "");
  EXPECT_EQ(deleted("DELETE FROM t; DROP TABLE t;"), "");
  EXPECT_EQ(inserted("INSERT INTO s.t SELECT a FROM u;"), "s.t.@0");
  EXPECT_EQ(inserted("WITH x AS (SELECT 1) INSERT INTO t TABLE x;"), "t.@0");
  EXPECT_EQ(inserted("INSERT INTO t VALUES (1); INSERT INTO t DEFAULT VALUES;"), "");
  EXPECT_EQ(inserted("ALTER TABLE t RENAME TO u; CREATE TABLE t (a int); INSERT INTO t TABLE u;"),
            "");
}

TEST(ValueChangesTest, FindsCode) {
  const auto code = [](std::string_view script) {
    return !ValueChangesIn({script}).with_code.empty();
  };
  EXPECT_TRUE(code("DO $$ BEGIN END $$"));
  EXPECT_TRUE(code("CALL p()"));
  EXPECT_TRUE(code("SELECT f()"));
  EXPECT_TRUE(code("CREATE TABEL t ()"));
  EXPECT_FALSE(code("SELECT pg_catalog.setval('s', 1)"));
  EXPECT_FALSE(code("SELECT setval('s', COALESCE((SELECT MAX(id) FROM t), 0) + 1, false)"));
  EXPECT_TRUE(code("SELECT own.max(1)"));
  EXPECT_FALSE(code("UPDATE t SET a = lower(a)"));
  EXPECT_FALSE(code(""));
}

}  // namespace
}  // namespace ballast::sql
