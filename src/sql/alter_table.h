// SPDX-License-Identifier: Apache-2.0
// The clauses of ALTER TABLE, by PostgreSQL's grammar.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

enum class AlterClauseKind {
  kAddColumn,         // with at most a default and NOT NULL, or as it is
  kAddCheckedColumn,  // also with keys, checks or references
  kAddConstraint,     // with a key, check, reference or exclusion; not USING INDEX
  kSetNotNull,
  kAlterType,
  kDropConstraint,
  kOther
};

struct AlterClause {
  AlterClauseKind kind = AlterClauseKind::kOther;
  std::string name;  // of the column or constraint; empty if the statement has none
  std::string text;  // as written
  // A column with a property that is not among its name, type, default, NOT NULL and constraints:
  // COLLATE, GENERATED …
  bool has_properties = false;

  bool operator==(const AlterClause&) const = default;
};

struct AlterTableStatement {
  bool only = false;  // ONLY the table, without those that inherit from it
  std::vector<AlterClause> clauses;
};

// nullopt if the statement is none, or is not understood.
std::optional<AlterTableStatement> ReadAlterTable(std::string_view statement);

}  // namespace ballast::sql
