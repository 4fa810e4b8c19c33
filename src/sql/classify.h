// SPDX-License-Identifier: Apache-2.0
// Classifies the statements of a script by their leading words. This works for every PostgreSQL
// version, because no grammar is involved.
#pragma once

#include <string_view>
#include <vector>

#include "sql/lexer.h"
#include "sql/statement.h"

namespace ballast::sql {

// All statements of a script, in order.
std::vector<Statement> ReadScript(std::string_view script);

// The properties that determine how a script can run together with others.
struct ScriptProperties {
  int statements = 0;
  bool outside_transaction =
      false;  // contains a statement that PostgreSQL refuses in a transaction block
  bool transaction_control = false;     // contains BEGIN or COMMIT, or code that can commit
  bool transaction_statements = false;  // contains BEGIN, COMMIT, SAVEPOINT … as statements
  // Contains a DO block that commits, which PostgreSQL refuses in one message with others (2D000).
  bool commits_in_code = false;
  // All transaction control is plain BEGIN and COMMIT in pairs, and no other statement must run
  // alone.
  bool paired_transactions = false;
  bool session_state = false;     // can change the state of the session
  bool local_state = false;       // would change the state of a common transaction
  bool writes_rows = false;       // can insert, change or delete rows
  bool sets_transaction = false;  // SET TRANSACTION: must be the first of its transaction
  // Can change how the server reads text (reading_settings.h).
  bool changes_reading = false;
  std::vector<AddedValue> added_values;
  std::vector<ObjectName> created_types;
  // Uses a value that one of its earlier statements, or one of `earlier`, adds. SQLSTATE 55P04 if
  // both run in one transaction, unless that transaction also creates the type.
  bool uses_added_value = false;
  // The same, for values that the script's own earlier statements add; a separate transaction for
  // the script does not help.
  bool uses_own_value = false;
  // The byte offset at which an unterminated string, quoted name or comment begins.
  UnterminatedKind unterminated = UnterminatedKind::kNone;
  size_t unterminated_offset = 0;

  // Whether it has the same effect inside one transaction with the scripts before and after it.
  // Changes to the session's state persist in both cases.
  bool SharesTransaction() const {
    return !outside_transaction && !transaction_control && !local_state && !uses_added_value;
  }
};

// Reads words, no grammar: a few microseconds for a script of several kilobytes.
ScriptProperties AnalyzeScript(std::string_view script,
                               const std::vector<AddedValue>& earlier = {});

}  // namespace ballast::sql
