// SPDX-License-Identifier: Apache-2.0
#include "lint/script_transaction.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

namespace ballast::lint {
namespace {

// "0-2 d": the statements 0 to 2, divisible; "x": with its own BEGIN.
std::string InWords(const char* script) {
  std::string text;
  for (const ScriptTransaction& found :
       TransactionsOf(sql::ReadScript(script), sql::AnalyzeScript(script))) {
    text += fmt::format("{}{}-{}{}{}", text.empty() ? "" : ", ", found.first, found.last,
                        found.is_explicit ? " x" : "", found.divisible ? " d" : "");
  }
  return text;
}

TEST(ScriptTransactionTest, Table) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"CREATE TABLE a (); CREATE TABLE b ()", "0-1 d"},
      {"SET LOCAL lock_timeout = 1; CREATE TABLE b ()", "0-1 d"},
      {"SELECT pg_advisory_xact_lock(1), set_config('a.b', 'c', true); CREATE TABLE b ()", "0-1"},
      {"CREATE TABLE a (); CREATE INDEX CONCURRENTLY i ON a (b)", "0-0 d, 1-1 d"},
      {"BEGIN; CREATE TABLE a (); COMMIT", "0-2 x d"},
      {"begin work; CREATE TABLE a (); end; CREATE TABLE b (); START TRANSACTION; SET CONSTRAINTS "
       "ALL DEFERRED; COMMIT",
       "0-2 x d, 3-3 d, 4-6 x"},
      {"BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO a VALUES (1); COMMIT", "0-3 x"},
      {"ALTER TABLE a ADD UNIQUE (b) DEFERRABLE INITIALLY DEFERRED; UPDATE a SET b = 1", "0-1"},
      {"BEGIN; SET TRANSACTION READ ONLY; SELECT 1; COMMIT", "0-3 x d"},
      {"BEGIN; CREATE TABLE a (); ROLLBACK; BEGIN; CREATE TABLE b (); COMMIT", "0-2 x, 3-5 x d"},
      {"BEGIN; SAVEPOINT s; CREATE TABLE a (); ROLLBACK TO SAVEPOINT s; COMMIT", "0-4 x"},
      {"BEGIN; SAVEPOINT s; CREATE TABLE a (); ROLLBACK/**/TO s; COMMIT", "0-4 x"},
      {"BEGIN; CREATE TABLE a (); COMMIT AND CHAIN", "0-2 x"},
      {"BEGIN; CREATE TABLE a (); COMMIT AND NO CHAIN", "0-2 x d"},
      {"BEGIN; CREATE TABLE a (); COMMIT AND CHAIN; CREATE TABLE b (); COMMIT", "0-4 x"},
      {"BEGIN; ALTER TYPE e ADD VALUE 'x'; INSERT INTO t VALUES ('x'); COMMIT", "0-3 x"},
      {"BEGIN; CREATE TEMP TABLE t () ON COMMIT DROP; COMMIT", "0-2 x"},
      {"BEGIN; CREATE TABLE a ()", "0-1 x"},
      {"COMMIT; CREATE TABLE a ()", "0-0 d, 1-1 d"},
  };
  for (const auto& [script, expected] : cases) EXPECT_EQ(InWords(script), expected) << script;
}

}  // namespace
}  // namespace ballast::lint
