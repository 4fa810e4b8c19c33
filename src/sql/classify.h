// SPDX-License-Identifier: Apache-2.0
// What the statements of a script do. They are classified by their leading words, so that text of
// any PostgreSQL version can be classified: no grammar of one version is involved.
#pragma once

#include <string_view>
#include <vector>

#include "sql/lexer.h"
#include "sql/statement.h"

namespace ballast::sql {

// All statements of a script, in order.
std::vector<Statement> ReadScript(std::string_view script);

// What a script is in the eyes of whoever wants to run it together with others.
struct ScriptProperties {
  int statements = 0;
  bool outside_transaction = false;  // one of them PostgreSQL refuses in a transaction block
  bool transaction_control = false;  // its own BEGIN or COMMIT, or code that may commit
  // All of its control is plain BEGIN and COMMIT, in pairs, and nothing else asks to be alone.
  bool paired_transactions = false;
  bool session_state = false;  // may leave something behind in the session
  bool local_state = false;    // would leave something behind in a common transaction
  bool writes_rows = false;    // may insert, change or delete rows
  std::vector<AddedValue> added_values;
  std::vector<std::string> created_types;
  // Names a value that an earlier statement of it, or one of `earlier`, adds: 55P04 when both run
  // in one transaction, unless that transaction creates the type as well.
  bool uses_added_value = false;
  // The same of values that earlier statements of the script itself add: no transaction of its own
  // helps it.
  bool uses_own_value = false;
  // It ends within a string, a quoted name or a comment; the byte offset at which that begins.
  OpenEnd open_end = OpenEnd::kNone;
  size_t open_end_offset = 0;

  // Whether it means the same inside one transaction with the scripts before and after it. What it
  // leaves in the session it leaves there just as well.
  bool SharesTransaction() const {
    return !outside_transaction && !transaction_control && !local_state && !uses_added_value;
  }
};

// Reads words only (no grammar): a few microseconds for a script of some kilobytes.
ScriptProperties AnalyzeScript(std::string_view script,
                               const std::vector<AddedValue>& earlier = {});

}  // namespace ballast::sql
