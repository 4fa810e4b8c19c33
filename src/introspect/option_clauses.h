// SPDX-License-Identifier: Apache-2.0
// Statements with a list of "KEYWORD = value", such as those of aggregates and operators.
#pragma once

#include <string>
#include <vector>

#include "base/text.h"
#include "postgres/record.h"

namespace ballast::introspect {

// A list of "KEYWORD = value" from columns that can be NULL.
class OptionClauses {
 public:
  explicit OptionClauses(const postgres::Record& row) : row_(row) {}
  void Add(const std::string& word, const std::string& column) {
    if (!row_.Text(column).empty()) parts_.push_back(word + " = " + row_.Text(column));
  }
  void AddFlag(const std::string& text) { parts_.push_back(text); }
  std::string Text() const { return "(\n    " + Join(parts_, ",\n    ") + "\n);\n"; }

 private:
  const postgres::Record& row_;
  std::vector<std::string> parts_;
};

// SQL: OPERATOR(schema.+) if it must be qualified, else only the operator.
inline std::string OperatorName(const std::string& oid) {
  return "(SELECT CASE WHEN pg_operator_is_visible(op.oid) THEN op.oprname::text "
         "ELSE 'OPERATOR(' || quote_ident(opn.nspname) || '.' || op.oprname || ')' END FROM "
         "pg_operator AS op JOIN pg_namespace AS opn ON opn.oid = op.oprnamespace WHERE op.oid = " +
         oid + ")";
}

}  // namespace ballast::introspect
