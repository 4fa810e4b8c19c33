// SPDX-License-Identifier: Apache-2.0
#include "sql/concurrent_index.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(ConcurrentIndexTest, NamesTheIndexOfAScriptThatIsOneStatement) {
  const std::pair<const char*, std::optional<ConcurrentIndex>> cases[] = {
      {"CREATE INDEX CONCURRENTLY \"A_v_idx\" ON \"A\"(\"v\");", {{true, "", "A_v_idx"}}},
      {"-- why\ncreate unique index concurrently if not exists I on only s.t (a)",
       {{true, "s", "i"}}},
      {"DROP INDEX CONCURRENTLY IF EXISTS \"x\";", {{false, "", "x"}}},
      {"DROP INDEX CONCURRENTLY app.\"X y\" ;;", {{false, "app", "X y"}}},
      {"CREATE INDEX CONCURRENTLY ON t (a)", std::nullopt},
      {"CREATE INDEX i ON t (a)", std::nullopt},
      {"CREATE INDEX CONCURRENTLY i ON t (a); SELECT 1", std::nullopt},
      {"SELECT 'CREATE INDEX CONCURRENTLY i ON t'", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& [script, expected] : cases) {
    EXPECT_TRUE(ConcurrentIndexOf(script) == expected) << script;
  }
}

}  // namespace
}  // namespace ballast::sql
