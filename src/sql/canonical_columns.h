// SPDX-License-Identifier: Apache-2.0
// The names that a text gives to the columns of a function in FROM: f() alias(a, b).
#pragma once

#include "sql/canonical_tree.h"

namespace ballast::sql {

// f() alias(a, b, c) becomes f() alias(a, b) if the query does not use c; returns whether anything
// changed. The names of other items stay: if a function before the last one of ROWS FROM, a
// function WITH ORDINALITY, or a table of an aliased join gets a column, the names that follow
// belong to other columns when the text is parsed again, so the text means something else.
bool DropUnusedColumnNames(TextNodes* nodes);

}  // namespace ballast::sql
