// SPDX-License-Identifier: Apache-2.0
// The transactions that a script divides its statements into.
#pragma once

#include <cstddef>
#include <vector>

#include "sql/classify.h"
#include "sql/statement.h"

namespace ballast::lint {

struct ScriptTransaction {
  size_t first = 0;          // 0-based index of a statement; that of BEGIN if the script has one
  size_t last = 0;           // inclusive; that of COMMIT or ROLLBACK
  bool is_explicit = false;  // it has its own BEGIN
  // Each statement has the same effect in a transaction of its own, after those of the SET LOCAL
  // and SET TRANSACTION that come before it. Not if it writes rows whose checks are deferred.
  bool divisible = true;
};

// In order; every statement is in one of them. Without transaction control and statements that run
// outside of transactions, the whole script is one; else each statement outside of BEGIN … COMMIT
// is one. `properties` are those of the same script.
std::vector<ScriptTransaction> TransactionsOf(const std::vector<sql::Statement>& statements,
                                              const sql::ScriptProperties& properties);

}  // namespace ballast::lint
