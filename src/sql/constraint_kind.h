// SPDX-License-Identifier: Apache-2.0
// The kinds of table constraints.
#pragma once

#include <string_view>

namespace ballast::sql {

enum class ConstraintKind { kPrimaryKey, kUnique, kExclusion, kForeignKey, kCheck, kOther };

// Of a definition as pg_get_constraintdef prints it; kOther for text that is none.
ConstraintKind ConstraintKindOf(std::string_view definition);

// Whether the constraint has an index of its name.
bool HasIndex(ConstraintKind kind);

}  // namespace ballast::sql
