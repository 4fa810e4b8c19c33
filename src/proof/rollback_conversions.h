// SPDX-License-Identifier: Apache-2.0
// What the statements of the migrations do to the values of columns that a rollback keeps, whether
// or not the sample rows of a proof show it.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "proof/physical_columns.h"
#include "proof/rollback_question.h"
#include "sql/value_changes.h"

namespace ballast::proof {

// Of the migrations for which nobody has written how they are reverted, and of the columns that the
// older state has.
class StatedChanges {
 public:
  explicit StatedChanges(const RollbackQuestion& question);

  // B512 if a statement converts values with an expression that is more than a cast.
  Status RefuseConversions() const;

  // B512 if the values of a column without rows in the proof can be converted: by an UPDATE of it,
  // or in code. `column`: as the older state has it.
  Status RefuseWithoutRows(const PhysicalColumn& column) const;

  // A sentence about columns that the migrations update; or empty.
  std::string SentenceOfUpdates() const;

  // Sentences about rows of tables that the migrations delete, and that they insert with a query.
  std::vector<std::string> SentencesOfRows() const;

 private:
  bool IsReverted(size_t script) const;
  Error NotConvertedBack(const sql::ChangedColumn& column, const std::string& statement) const;

  const RollbackQuestion& question_;
  sql::ValueChanges changes_;
};

}  // namespace ballast::proof
