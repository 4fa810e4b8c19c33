// SPDX-License-Identifier: Apache-2.0
// Lets a sequence that is created for a table with rows continue after their values.
#pragma once

#include <string>
#include <vector>

#include "difference/database_definitions.h"
#include "difference/difference.h"

namespace ballast::difference {

// A statement, without semicolon, after which the sequence continues after the values of a column:
// after the largest, or after the smallest if it descends; after numbers that are texts, too. It
// never goes back. `table` and `column` are quoted, `type` is the column's.
std::string ContinueSequence(const catalog::Sequence& sequence, const std::string& table,
                             const std::string& column, const std::string& type);

// The same, after which it has the position of the model.
std::string AdvanceSequence(const catalog::Sequence& sequence);

// Statements for after the creation of the sequence at `at` of `to`: one for each column of an
// existing table that owns the sequence or takes its default from it. `makes_owned`: the
// definition makes the sequence owned by its column; otherwise it is the creation of the sequence.
std::vector<Statement> SequencePositions(const DatabaseDefinitions& from,
                                         const DatabaseDefinitions& to, size_t at,
                                         bool makes_owned);

}  // namespace ballast::difference
