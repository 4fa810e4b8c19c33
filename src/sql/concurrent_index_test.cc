// SPDX-License-Identifier: Apache-2.0
#include "sql/concurrent_index.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(ConcurrentIndexTest, NamesThePartsOfAScriptThatIsOneStatement) {
  struct Case {
    const char* script;
    bool build;
    ObjectName table;
    ObjectName index;
  };
  for (const Case& c : {
           Case{"CREATE INDEX CONCURRENTLY \"A_v_idx\" ON \"A\"(\"v\");",
                true,
                {"", "A"},
                {"", "A_v_idx"}},
           Case{"-- why\ncreate unique index concurrently if not exists I on only s.t (a)",
                true,
                {"s", "t"},
                {"s", "i"}},
           Case{"CREATE INDEX CONCURRENTLY \"i.x\" ON \"my.table\" (a)",
                true,
                {"", "my.table"},
                {"", "i.x"}},
           Case{"CREATE INDEX CONCURRENTLY i ON \"s.t\".\"my.table\" (a)",
                true,
                {"s.t", "my.table"},
                {"s.t", "i"}},
           Case{"CREATE INDEX CONCURRENTLY ON t (a)", true, {"", "t"}, {"", ""}},
           Case{"DROP INDEX CONCURRENTLY IF EXISTS \"x\";", false, {}, {"", "x"}},
           Case{"DROP INDEX CONCURRENTLY \"a.b\"", false, {}, {"", "a.b"}},
           Case{"DROP INDEX CONCURRENTLY app.\"X y\" ;;", false, {}, {"app", "X y"}},
           Case{"DROP INDEX CONCURRENTLY db.app.\"X.y\"", false, {}, {"app", "X.y"}},
       }) {
    const auto found = ReadConcurrentIndex(c.script);
    ASSERT_TRUE(found.has_value()) << c.script;
    EXPECT_EQ(found->build, c.build) << c.script;
    EXPECT_TRUE(found->table == c.table) << c.script;
    EXPECT_TRUE(found->index == c.index) << c.script;
    EXPECT_EQ(ReadNamedConcurrentIndex(c.script).has_value(), !c.index.empty()) << c.script;
  }
}

TEST(ConcurrentIndexTest, RemovesConcurrentlyOnly) {
  const std::pair<std::string, std::string> cases[] = {
      {"CREATE INDEX CONCURRENTLY i ON t (x);", "CREATE INDEX              i ON t (x);"},
      {"-- CONCURRENTLY\ncreate unique index concurrently if not exists \"CONCURRENTLY\"\n"
       "ON ONLY \"public\".\"T\" (x)",
       "-- CONCURRENTLY\ncreate unique index              if not exists \"CONCURRENTLY\"\n"
       "ON ONLY \"public\".\"T\" (x)"},
      {"DROP INDEX CONCURRENTLY IF EXISTS \"public\".\"I\"; -- done",
       "DROP INDEX              IF EXISTS \"public\".\"I\"; -- done"},
      {"CREATE INDEX CONCURRENTLY ON t (x)", "CREATE INDEX              ON t (x)"},
  };
  for (const auto& [script, plain] : cases) {
    const auto found = ReadConcurrentIndex(script);
    ASSERT_TRUE(found.has_value()) << script;
    EXPECT_EQ(found->plain, plain);
  }
}

TEST(ConcurrentIndexTest, KeepsOtherStatements) {
  for (const char* script :
       {"CREATE INDEX i ON t (x)", "CREATE INDEX \"concurrently\" ON t (x)",
        "CREATE INDEX CONCURRENTLY i ON t (x); SELECT 1", "REINDEX INDEX CONCURRENTLY i",
        "DROP INDEX CONCURRENTLY a, b", "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
        "SELECT 'CREATE INDEX CONCURRENTLY i ON t'",
        "DO $$ CREATE INDEX CONCURRENTLY i ON t (x) $$", "CREATE INDEX CONCURRENTLY i ON", "",
        "-- CREATE INDEX CONCURRENTLY"}) {
    EXPECT_FALSE(ReadConcurrentIndex(script).has_value()) << script;
  }
}

}  // namespace
}  // namespace ballast::sql
