// SPDX-License-Identifier: Apache-2.0
#include "sql/database_objects.h"

#include <gtest/gtest.h>

#include <string>

namespace ballast::sql {
namespace {

std::string InWords(std::string_view script) {
  const DatabaseObjects found = DatabaseObjectsIn(script);
  std::string words = found.first ? std::string(found.first->text) : "-";
  if (found.first) words += " @" + std::to_string(found.first->line);
  return words + (found.switches_role ? ", another role" : "");
}

TEST(DatabaseObjectsTest, StatementsThatNeedCreateOnTheDatabase) {
  const struct {
    const char* script;
    const char* words;
  } cases[] = {
      {"CREATE TABLE schema_x (id int);\n-- CreateSchema\nCREATE SCHEMA IF NOT EXISTS \"app\";",
       "CREATE SCHEMA IF NOT EXISTS \"app\" @3"},
      {"create publication p for table a", "create publication p for table a @1"},
      {"ALTER SCHEMA \"a\" RENAME TO b", "ALTER SCHEMA \"a\" RENAME TO b @1"},
      {"ALTER SCHEMA a OWNER TO b; ALTER PUBLICATION p ADD TABLE t; DROP SCHEMA a", "-"},
      {"ALTER TABLE a SET SCHEMA create_schema; GRANT USAGE ON SCHEMA a TO b", "-"},
      {"CREATE TABLE t (a text DEFAULT 'CREATE SCHEMA a'); DO $$BEGIN CREATE SCHEMA a; END$$", "-"},
      {"SET ROLE admin; CREATE SCHEMA a", "-, another role"},
      {"CREATE SCHEMA a; SET LOCAL ROLE b", "CREATE SCHEMA a @1, another role"},
      {"SET SESSION AUTHORIZATION b; CREATE SCHEMA a", "-, another role"},
      {"SET LOCAL SESSION AUTHORIZATION b; CREATE SCHEMA a", "-, another role"},
      {"SET SESSION statement_timeout = 0; RESET statement_timeout; CREATE SCHEMA a",
       "CREATE SCHEMA a @1"},
      {"RESET ALL; CREATE SCHEMA a", "-, another role"},
      {"SET session_authorization = b; CREATE SCHEMA a", "-, another role"},
      {"SET role TO b; CREATE SCHEMA a", "-, another role"},
      {"", "-"},
  };
  for (const auto& c : cases) EXPECT_EQ(InWords(c.script), c.words) << c.script;
}

}  // namespace
}  // namespace ballast::sql
