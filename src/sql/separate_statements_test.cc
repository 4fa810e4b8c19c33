// SPDX-License-Identifier: Apache-2.0
#include "sql/separate_statements.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ballast::sql {
namespace {

// "t: text" in a transaction, "o: text" outside, "b: text|end" its own.
std::vector<std::string> WordsOf(std::string_view script) {
  std::vector<std::string> words;
  for (const SeparateStatement& one : SeparateStatements(script)) {
    const std::string text(one.text);
    switch (one.place) {
      case SeparatePlace::kInTransaction:
        words.push_back("t: " + text);
        break;
      case SeparatePlace::kOutside:
        words.push_back("o: " + text);
        break;
      case SeparatePlace::kOwnTransaction:
        words.push_back("b: " + text + "|" + std::string(one.end));
    }
  }
  return words;
}

TEST(SeparateStatementsTest, EachHasItsPlace) {
  const struct {
    const char* script;
    std::vector<std::string> words;
  } cases[] = {
      {"", {}},
      {"-- nothing", {}},
      {"SELECT 1; SELECT 2", {"t: SELECT 1", "t: SELECT 2"}},
      {"ALTER TYPE e ADD VALUE 'b';\nINSERT INTO t VALUES ('b');",
       {"t: ALTER TYPE e ADD VALUE 'b'", "t: INSERT INTO t VALUES ('b')"}},
      {"CREATE INDEX CONCURRENTLY i ON t (x); VACUUM t",
       {"o: CREATE INDEX CONCURRENTLY i ON t (x)", "o: VACUUM t"}},
      {"CALL p(); SELECT 1", {"o: CALL p()", "t: SELECT 1"}},
      {"BEGIN; SELECT 1; COMMIT; VACUUM;", {"b: BEGIN; SELECT 1; |COMMIT", "o: VACUUM"}},
      {"START TRANSACTION;SELECT 1;END;", {"b: START TRANSACTION;SELECT 1;|END"}},
      {"BEGIN; SELECT 1; ROLLBACK; SELECT 2", {"o: BEGIN; SELECT 1; ROLLBACK", "t: SELECT 2"}},
      {"BEGIN; SAVEPOINT a; ROLLBACK TO a; COMMIT; SELECT 2",
       {"b: BEGIN; SAVEPOINT a; ROLLBACK TO a; |COMMIT", "t: SELECT 2"}},
      {"BEGIN; SELECT 1; COMMIT AND CHAIN", {"o: BEGIN; SELECT 1; COMMIT AND CHAIN"}},
      {"BEGIN; SAVEPOINT a; ROLLBACK\nTO SAVEPOINT a; COMMIT; SELECT 2",
       {"b: BEGIN; SAVEPOINT a; ROLLBACK\nTO SAVEPOINT a; |COMMIT", "t: SELECT 2"}},
      {"BEGIN; SELECT 1; COMMIT /* chain to prepared */ WORK; SELECT 2",
       {"b: BEGIN; SELECT 1; |COMMIT /* chain to prepared */ WORK", "t: SELECT 2"}},
      {"BEGIN/**/WORK; SELECT 1; END/**/WORK", {"b: BEGIN/**/WORK; SELECT 1; |END/**/WORK"}},
      {"BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT; SELECT 3",
       {"o: BEGIN; SELECT 1; COMMIT AND CHAIN; SELECT 2; COMMIT", "t: SELECT 3"}},
      {"BEGIN; SELECT 1; COMMIT AND NO CHAIN", {"b: BEGIN; SELECT 1; |COMMIT AND NO CHAIN"}},
      {"BEGIN; SELECT 1", {"o: BEGIN; SELECT 1"}},
      {"BEGIN", {"o: BEGIN"}},
      {"COMMIT; SELECT 1", {"o: COMMIT", "t: SELECT 1"}},
  };
  for (const auto& one : cases) EXPECT_EQ(WordsOf(one.script), one.words) << one.script;
}

TEST(SeparateStatementsTest, KnowsWhatAnotherSessionWouldLack) {
  struct SessionCase {
    const char* script;
    bool sets_session;
    bool can_continue;
  };
  for (const SessionCase& one : {
           SessionCase{"SET search_path = app", true, true},
           SessionCase{"RESET ALL", true, true},
           SessionCase{"SELECT set_config('search_path', 'app', false)", true, true},
           SessionCase{"SELECT 1", false, true},
           SessionCase{"CREATE TABLE a (id int)", false, true},
           SessionCase{"CREATE TEMP TABLE a (id int)", false, false},
           SessionCase{"DO $$BEGIN PERFORM set_config('search_path', 'app', false); END$$", false,
                       false},
           SessionCase{"DO $$BEGIN UPDATE a SET n = 1; END$$", false, true},
           SessionCase{"BEGIN; SET search_path = app; COMMIT", false, false},
       }) {
    const std::string script = std::string(one.script) + "; SELECT 2";
    const auto all = SeparateStatements(script);
    EXPECT_EQ(all[0].sets_session, one.sets_session) << script;
    EXPECT_EQ(CanContinueAfter(all, 1), one.can_continue) << script;
  }
}

TEST(SeparateStatementsTest, KnowsWhatMustNotSimplyRunAgain) {
  for (const auto& [script, again] : {
           std::pair{"SELECT 1", true},
           {"CREATE INDEX CONCURRENTLY i ON t (x)", true},
           {"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"on\" ON t (x)", true},
           {"DROP INDEX CONCURRENTLY i", true},
           {"CREATE INDEX CONCURRENTLY ON t (x)", false},
           {"CREATE UNIQUE INDEX CONCURRENTLY ON ONLY t USING btree (x) WHERE x > 0", false},
           {"CREATE INDEX ON t (x)", true},
           {"REINDEX TABLE CONCURRENTLY t", true},
           {"CREATE DATABASE d", true},
           {"VACUUM", true},
           {"DO $$BEGIN UPDATE a SET n = 1; END$$", true},
           {"BEGIN; SELECT 1; COMMIT", true},
           {"CALL p()", false},
           {"DO $$BEGIN UPDATE a SET n = 1; COMMIT; END$$", false},
           {"BEGIN; SELECT 1; COMMIT AND CHAIN", false},
           {"COMMIT", false},
       }) {
    EXPECT_EQ(CanRunAgain(SeparateStatements(script), 0), again) << script;
    const std::string second = std::string("SELECT 1; ") + script;
    EXPECT_EQ(CanRunAgain(SeparateStatements(second), 1), again) << script;
  }
}

TEST(SeparateStatementsTest, KnowsLinesAndSettings) {
  const auto all = SeparateStatements("-- a\nSET lock_timeout = 1;\n\nSELECT 1;\n");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].sets_session);
  EXPECT_EQ(all[0].line, 2);
  EXPECT_EQ(all[1].line, 4);
  EXPECT_EQ(all[1].offset, 28U);
}

TEST(SeparateStatementsTest, FindsWhatTheScriptsOwnTransactionCannotHave) {
  for (const auto& [script, line] : {
           std::pair{"SELECT 1;\nBEGIN;\nCREATE INDEX CONCURRENTLY i ON t (a);\nCOMMIT;", 3},
           {"START TRANSACTION;\nSELECT 1;\nVACUUM;\nEND;", 3},
           {"BEGIN;\nSELECT 1;\nCOMMIT;\nVACUUM;\nBEGIN;\nREINDEX TABLE CONCURRENTLY t;", 6},
           {"BEGIN;\nALTER SYSTEM RESET ALL;", 2},
           {"BEGIN;\nCREATE DATABASE d;", 2},
           {"BEGIN;\nSELECT 1;\nCOMMIT;\nVACUUM;", 0},
           {"VACUUM", 0},
       }) {
    const auto refused = RefusedInOwnTransaction(script);
    EXPECT_EQ(refused ? refused->line : 0, line) << script;
  }
}

}  // namespace
}  // namespace ballast::sql
