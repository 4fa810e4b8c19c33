// SPDX-License-Identifier: Apache-2.0
// What a statement concerns.
#pragma once

#include <string>

#include "catalog/catalog.h"
#include "difference/difference.h"

namespace ballast::difference {

// The relation that a statement concerns: the target itself, or the one that it is a part of. An
// empty name: none, or not known. An index is no part of its table: dropping it changes only
// itself.
catalog::Name RelationOf(const Statement& statement);

// Whether the target is the quoted relation or a part of it, or the statement names it.
bool Concerns(const Statement& statement, const std::string& relation);

// Whether the SQL contains the quoted name with the same schema, or also without one. Strings and
// comments do not count.
bool NamesRelation(const std::string& text, const std::string& relation);

// The label of a rename aside: "name of type \"e\"" for the object "type
// \"e\"".
std::string LabelOfNameOf(const std::string& object);

// For statements of packages, which record only labels: sets the purpose kRenameAside, and the
// target if the label is that of an object which is no part of another.
void ReadLabel(Statement& statement);

}  // namespace ballast::difference
