// SPDX-License-Identifier: Apache-2.0
// Splits a script into separately sent messages, one per statement, as Prisma does since 7.4.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "sql/split.h"

namespace ballast::sql {

enum class SeparatePlace {
  kInTransaction,   // can run inside a surrounding transaction
  kOwnTransaction,  // plain BEGIN … COMMIT: `end` is the COMMIT
  kOutside          // refused in a transaction block, or other transaction control
};

// One statement, or a transaction of the script with all of its statements.
struct SeparateStatement {
  std::string_view text;  // a view into the script, without the last semicolon
  std::string_view end;   // for kOwnTransaction: what follows `text`, "COMMIT"
  size_t offset = 0;      // of the text, in bytes
  int line = 1;
  SeparatePlace place = SeparatePlace::kInTransaction;
  bool waits_for_transactions = false;  // a concurrent index build
  // SET, SELECT set_config() and similar: later statements need it in their session, and it can be
  // repeated in another one.
  bool sets_session = false;
  // Leaves something in the session that cannot be repeated alone: temporary tables, what a DO
  // block or the script's own transaction sets …
  bool leaves_state = false;
  // CALL, a DO block with COMMIT, a transaction with several ends: if it fails, what it has
  // committed remains, so that it cannot simply run again.
  bool may_commit_parts = false;
  bool builds_concurrently = false;  // CREATE INDEX CONCURRENTLY
};

// All statements, in order. Uses keywords only, without a grammar.
std::vector<SeparateStatement> SeparateStatements(std::string_view script);

// Whether another session can run the statements after the first `done`, once it has repeated those
// of them that set the session.
bool CanContinueAfter(const std::vector<SeparateStatement>& statements, size_t done);

// Whether it builds an index concurrently that it does not name, or whose name cannot be read. The
// catalog does not show whether it has run, and if it runs again, the server makes another index.
bool BuildsUnnamedIndex(const SeparateStatement& statement);

// Whether the statement after the first `done` may have begun before, and can then run (again) in
// another session. What can only run outside of a transaction leaves the same state twice (VACUUM,
// REINDEX, CLUSTER, ALTER SYSTEM), or is refused the second time, because it names what it creates
// or drops; only an index can be without a name.
bool CanRunAgain(const std::vector<SeparateStatement>& statements, size_t done);

// The first statement between the script's own BEGIN and COMMIT that the server refuses inside of a
// transaction block.
std::optional<StatementText> RefusedInOwnTransaction(std::string_view script);

}  // namespace ballast::sql
