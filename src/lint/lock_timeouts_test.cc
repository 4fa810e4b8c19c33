// SPDX-License-Identifier: Apache-2.0
#include "lint/lock_timeouts.h"

#include <gtest/gtest.h>

#include <string>

#include "lint/script_transaction.h"

namespace ballast::lint {
namespace {

// A letter for each statement: whether locks are limited after it.
std::string Limits(const std::string& script) {
  LockTimeouts timeouts;
  std::string letters;
  const std::vector<sql::Statement> statements = sql::ReadScript(script);
  for (const ScriptTransaction& transaction :
       TransactionsOf(statements, sql::AnalyzeScript(script))) {
    for (size_t at = transaction.first; at <= transaction.last; ++at) {
      StatementTrace trace;
      trace.statement = statements[at];
      trace.transaction = transaction.first;
      timeouts.Read(trace);
      letters += timeouts.limited() ? 'y' : 'n';
    }
  }
  return letters;
}

TEST(LockTimeoutsTest, Table) {
  const std::pair<const char*, const char*> cases[] = {
      {"SELECT 1; SET lock_timeout = 5; SELECT 1", "nyy"},
      {"SET lock_timeout TO '5s'; RESET lock_timeout", "yn"},
      {"SET SESSION lock_timeout = '1s'; RESET ALL; SET lock_timeout = 1; DISCARD ALL", "ynyn"},
      {"SET lock_timeout = 0; SET lock_timeout = '0s'; SET lock_timeout = DEFAULT", "nnn"},
      {"SET statement_timeout = 5", "n"},
      {"SET LOCAL lock_timeout = 5; SELECT 1", "yy"},
      {"BEGIN; SET LOCAL lock_timeout = 5; COMMIT; SELECT 1", "nyyn"},
      {"BEGIN; SET lock_timeout = 5; COMMIT; SELECT 1", "nyyy"},
      {"SELECT set_config('lock_timeout', '3s', false); SELECT 1", "yy"},
      {"SELECT pg_catalog.set_config('Lock_Timeout', '3s', false)", "y"},
      {"SELECT set_config('lock_timeout', '0', false)", "n"},
      {"SELECT set_config('statement_timeout', '3s', false)", "n"},
      {"BEGIN; SELECT set_config('lock_timeout', '3s', true); COMMIT; SELECT 1", "nyyn"},
      {"SELECT 'set_config(''lock_timeout'', ''3s'', false)'", "n"},
  };
  for (const auto& [script, expected] : cases) EXPECT_EQ(Limits(script), expected) << script;
}

}  // namespace
}  // namespace ballast::lint
