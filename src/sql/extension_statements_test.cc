// SPDX-License-Identifier: Apache-2.0
#include "sql/extension_statements.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace ballast::sql {
namespace {

// "create citext 1.4 cascade @2".
std::string StatementsInWords(std::string_view script) {
  std::vector<std::string> words;
  for (const ExtensionStatement& statement : ExtensionStatementsIn(script)) {
    static constexpr const char* kActs[] = {"create", "change", "drop", "switch role"};
    std::string word = kActs[static_cast<int>(statement.act)];
    if (!statement.name.empty()) word += " " + statement.name;
    if (!statement.version.empty()) word += " " + statement.version;
    if (statement.cascade) word += " cascade";
    words.push_back(word + " @" + std::to_string(statement.line));
  }
  return Join(words, ", ");
}

TEST(ExtensionStatementsTest, InTheOrderOfTheScript) {
  const struct {
    const char* script;
    const char* words;
  } cases[] = {
      {"CREATE EXTENSION citext", "create citext @1"},
      {"-- CreateExtension\nCREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA \"x\" VERSION "
       "'1.1';\nCREATE EXTENSION PostGIS_Topology CASCADE;",
       "create uuid-ossp 1.1 @2, create postgis_topology cascade @3"},
      {"DROP EXTENSION IF EXISTS a, \"B\"; CREATE EXTENSION a",
       "drop a @1, drop B @1, create a @1"},
      {"ALTER EXTENSION a UPDATE TO '2'; ALTER EXTENSION b SET SCHEMA s; COMMENT ON EXTENSION c IS "
       "'x'; ALTER EXTENSION d ADD TABLE t",
       "change a @1, change b @1, change c @1, change d @1"},
      {"SET ROLE admin;\nCREATE EXTENSION a;\nRESET ROLE; SET LOCAL SESSION AUTHORIZATION b",
       "switch role @1, create a @2, switch role @3, switch role @3"},
      {"SET search_path = extension; COMMENT ON TABLE extension IS 'CREATE EXTENSION a'", ""},
      {"CREATE TABLE \"extension\" (id int); ALTER TABLE extension ADD x int; DROP TABLE extension",
       ""},
      {"DO $$BEGIN CREATE EXTENSION a; END$$", ""},
      {"CREATE EXTENSION a; CREATE EXTENSION b WITH; CREATE EXTENSION", "create a @1, create b @1"},
      {"", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(StatementsInWords(c.script), c.words) << c.script;
}

}  // namespace
}  // namespace ballast::sql
