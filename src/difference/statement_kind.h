// SPDX-License-Identifier: Apache-2.0
// What a statement does, by its text: all that is known of the statements of packages.
#pragma once

#include "difference/difference.h"
#include "sql/statement.h"

namespace ballast::difference {

// The kind of the first statement of its text; kUnknown without text.
sql::StatementKind KindOf(const Statement& statement);

// Whether it gives a column or an attribute another type.
bool SetsDataType(const Statement& statement);

}  // namespace ballast::difference
