// SPDX-License-Identifier: Apache-2.0
// Properties of definitions that follow from their kind alone. Only for this folder.
#pragma once

#include "catalog/baseline.h"
#include "difference/difference.h"

namespace ballast::difference {

// Whether the step sets a property of an object; it is repeated when the object is created again.
bool IsProperty(catalog::Step step);

// What the definition's statements do with their target: create it, or change what another
// definition creates.
ActionKind CreationKind(const catalog::Definition& definition, const catalog::ObjectRef& target);

// Whether the step creates an object that has a row in pg_class.
bool IsRelation(catalog::Step step);

// Whether the step creates a type by itself; tables have row types too.
bool IsType(catalog::Step step);

// Whether the step creates what has arguments.
bool HasArguments(catalog::Step step);

// Whether default expressions, constraints and columns can use what the step creates.
bool IsUsedByExpressions(catalog::Step step);

// Whether ALTER DEFAULT PRIVILEGES affects what the step creates.
bool GetsDefaultPrivileges(catalog::Step step);

// Whether TableChanges covers the definition where both databases have the table.
bool IsCoveredByTable(const catalog::Definition& definition);

}  // namespace ballast::difference
