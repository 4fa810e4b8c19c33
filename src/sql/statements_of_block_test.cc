// SPDX-License-Identifier: Apache-2.0
#include "sql/statements_of_block.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

// "0 SELECT 1 | 2 SELECT 2": the branch of each.
std::string InWords(const std::string& statement) {
  std::string text;
  for (const BlockStatement& inner : StatementsOfBlock(statement)) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " | ", inner.branch, inner.text);
  }
  return text;
}

TEST(StatementsOfBlockTest, Table) {
  const std::pair<const char*, const char*> cases[] = {
      {"BEGIN INSERT INTO a SELECT CASE WHEN b THEN 1 ELSE 2 END FROM c; DROP TABLE c; END",
       "0 INSERT INTO a SELECT CASE WHEN b THEN 1 ELSE 2 END FROM c | 0 DROP TABLE c"},
      {"BEGIN IF EXISTS (SELECT 1 FROM d) THEN a; b; ELSIF x THEN c; ELSE d; END IF; e; END",
       "1 a | 1 b | 2 c | 3 d | 4 e"},
      {"DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP a; EXIT WHEN b; c; END LOOP; END",
       "0 DECLARE r record | 1 a | 2 c"},
      {"BEGIN EXECUTE 'DROP TABLE \"a\"'; EXECUTE 'DROP TABLE ' || b; EXECUTE $q$c$q$; END",
       "0 DROP TABLE \"a\" | 0 EXECUTE 'DROP TABLE ' || b | 0 c"},
      {"BEGIN <<l>> BEGIN a; b; EXCEPTION WHEN OTHERS THEN NULL; END; c; END",
       "2 a | 2 b | 4 NULL | 5 c"},
      {"BEGIN a; IF b THEN RETURN; END IF; c; END", "0 a | 3 c"},
      {"BEGIN CASE a WHEN 1 THEN b; WHEN 2 THEN c; END CASE; END", "1 b | 2 c"},
  };
  for (const auto& [code, expected] : cases) {
    EXPECT_EQ(InWords(fmt::format("DO $do$ {} $do$", code)), expected) << code;
  }
  EXPECT_EQ(InWords("SELECT $do$ BEGIN a; END $do$"), "");
}

}  // namespace
}  // namespace ballast::sql
