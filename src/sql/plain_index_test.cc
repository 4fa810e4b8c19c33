// SPDX-License-Identifier: Apache-2.0
#include "sql/plain_index.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(PlainIndexTest, RemovesConcurrentlyOnly) {
  struct Case {
    std::string script;
    std::string plain;
    std::string object;
  };
  for (const Case& c : std::vector<Case>{
           {"CREATE INDEX CONCURRENTLY i ON t (x);", "CREATE INDEX              i ON t (x);", "t"},
           {"-- CONCURRENTLY\ncreate unique index concurrently if not exists \"CONCURRENTLY\"\n"
            "ON ONLY \"public\".\"T\" (x)",
            "-- CONCURRENTLY\ncreate unique index              if not exists \"CONCURRENTLY\"\n"
            "ON ONLY \"public\".\"T\" (x)",
            "public.T"},
           {"DROP INDEX CONCURRENTLY IF EXISTS \"public\".\"I\"; -- done",
            "DROP INDEX              IF EXISTS \"public\".\"I\"; -- done", "public.I"},
           {"CREATE INDEX CONCURRENTLY ON t (x)", "CREATE INDEX              ON t (x)", "t"},
       }) {
    const auto found = ReadPlainIndex(c.script);
    ASSERT_TRUE(found.has_value()) << c.script;
    EXPECT_EQ(found->plain, c.plain);
    EXPECT_EQ(found->object, c.object);
  }
}

TEST(PlainIndexTest, KeepsOtherStatements) {
  for (const char* script :
       {"CREATE INDEX i ON t (x)", "CREATE INDEX \"concurrently\" ON t (x)",
        "CREATE INDEX CONCURRENTLY i ON t (x); SELECT 1", "REINDEX INDEX CONCURRENTLY i",
        "DROP INDEX CONCURRENTLY a, b", "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
        "DO $$ CREATE INDEX CONCURRENTLY i ON t (x) $$", "", "-- CREATE INDEX CONCURRENTLY"}) {
    EXPECT_FALSE(ReadPlainIndex(script).has_value()) << script;
  }
}

TEST(PlainIndexTest, LastPartOfAName) {
  EXPECT_EQ(LastPart("public.T"), "T");
  EXPECT_EQ(LastPart("T"), "T");
}

}  // namespace
}  // namespace ballast::sql
