// SPDX-License-Identifier: Apache-2.0
#include "sql/alter_table.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

// A letter for each clause, its name and, in brackets, its text.
std::string InWords(const char* statement) {
  const std::optional<AlterTableStatement> read = ReadAlterTable(statement);
  if (!read) return "none";
  std::string words = read->only ? "only" : "";
  for (const AlterClause& clause : read->clauses) {
    words += words.empty() ? "" : " ";
    words += "akcntdo"[static_cast<size_t>(clause.kind)];
    words += (clause.has_properties ? "+" : "") + clause.name + "[" + clause.text + "]";
  }
  return words;
}

TEST(AlterTableTest, Table) {
  const std::pair<const char*, const char*> cases[] = {
      {"ALTER TABLE t ADD COLUMN a int", "aa[ADD COLUMN a int]"},
      {"alter table if exists only s.\"T, x\" add a numeric(1, 2) default 1 not null, alter b set "
       "not null",
       "only aa[add a numeric(1, 2) default 1 not null] nb[alter b set not null]"},
      {"ALTER TABLE t ADD a int UNIQUE", "ka[ADD a int UNIQUE]"},
      {"ALTER TABLE t ADD a text COLLATE \"C\"", "a+a[ADD a text COLLATE \"C\"]"},
      {"ALTER TABLE t ADD a int GENERATED ALWAYS AS IDENTITY",
       "a+a[ADD a int GENERATED ALWAYS AS IDENTITY]"},
      {"ALTER TABLE t ADD CONSTRAINT c CHECK (a IN (1, 2)), ADD UNIQUE (a)",
       "cc[ADD CONSTRAINT c CHECK (a IN (1, 2))] c[ADD UNIQUE (a)]"},
      {"ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i",
       "oc[ADD CONSTRAINT c UNIQUE USING INDEX i]"},
      {"ALTER TABLE t DROP CONSTRAINT c, ALTER a TYPE text, DROP b",
       "dc[DROP CONSTRAINT c] ta[ALTER a TYPE text] ob[DROP b]"},
      {"ALTER TABLE t RENAME TO u", "none"},
      {"ALTER VIEW v ALTER a SET DEFAULT 1", "none"},
      {"CREATE TABLE t (a int, b int)", "none"},
      {"ALTER TABLE t WITH WORDS OF A NEWER SERVER", "none"},
  };
  for (const auto& [statement, expected] : cases) EXPECT_EQ(InWords(statement), expected);
}

}  // namespace
}  // namespace ballast::sql
