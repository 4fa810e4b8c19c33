// SPDX-License-Identifier: Apache-2.0
// Sequences that give a column its values continue after rows that were inserted with values of
// their own.
#pragma once

#include <string>

namespace ballast::plan {

// The joins of a query: from columns `a` (pg_attribute) to the sequences `s` (pg_sequence) that
// they own or that their defaults name.
std::string JoinSequences();

// SQL for inside a transaction: sequences of the whole-number columns of the table, owned by them
// or only in their defaults, continue after all values. They never go back. `table` is quoted.
std::string ContinueSequencesSql(const std::string& table);

// The same as a loop of PL/pgSQL over the text variables `names`, `texts` and `kept_row`.
// `table`: an expression.
std::string ContinueSequencesLoop(const std::string& table);

// The same after the values in `copy`, which stores the table's values as text (kept_data.h): they
// are not handed out while rows wait there.
std::string ContinueAfterCopyLoop(const std::string& table, const std::string& copy);

}  // namespace ballast::plan
