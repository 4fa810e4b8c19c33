// SPDX-License-Identifier: Apache-2.0
// Lets a sequence that is created for a table with rows continue after their values.
#pragma once

#include <string>
#include <vector>

#include "difference/database_definitions.h"
#include "difference/difference.h"

namespace ballast::difference {

// A statement, without semicolon, after which the sequence continues after the values of an integer
// column: after the largest, or after the smallest if it descends. `table` and `column` are quoted.
// `shared`: other columns take their values from it, too, so it never goes back.
std::string ContinueSequence(const catalog::Sequence& sequence, const std::string& table,
                             const std::string& column, bool shared);

// Statements for after the creation of the sequence at `at` of `to`: one for each integer column of
// an existing table that owns the sequence or takes its default from it. `makes_owned`: the
// definition makes the sequence owned by its column; otherwise it is the creation of the sequence.
std::vector<Statement> SequencePositions(const DatabaseDefinitions& from,
                                         const DatabaseDefinitions& to, size_t at,
                                         bool makes_owned);

}  // namespace ballast::difference
