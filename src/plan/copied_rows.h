// SPDX-License-Identifier: Apache-2.0
// Tables that a script drops and creates again under the same name, with all their rows: an
// ordinary table that was a partitioned one. Of them, only columns that the new table lacks are
// lost.
#pragma once

#include <string>
#include <vector>

#include "release/previous_release.h"

namespace ballast::plan {

// The tables that the script creates, quoted, without those of `losses`, whose rows need no
// comparison.
std::vector<std::string> TablesToCompare(const std::string& script,
                                         const std::vector<release::RollbackLoss>& losses);

// DO blocks before a script and after it; row_security must be off. `tables`: of TablesToCompare.
// `losses`: their columns are not compared. The answers are in settings, of the transaction if
// `local`. A table without rows before is copied, unless `with_rows`.
std::string CopiedRowsBefore(const std::vector<std::string>& tables,
                             const std::vector<release::RollbackLoss>& losses, bool local);
std::string CopiedRowsAfter(bool local, bool with_rows);

// An expression, of type jsonb: an object with the names of the columns of the dropped table of
// this OID whose values the new one has; NULL if its rows were not copied.
std::string CopiedColumns(const std::string& oid);

}  // namespace ballast::plan
