// SPDX-License-Identifier: Apache-2.0
// The kinds of names of a database.
#pragma once

#include <string_view>

namespace ballast::sql {

// Names are unique in each of these: in the database, or for one schema, table or enum.
enum class NameSpace {
  kRelation,
  kType,
  kRoutine,
  kColumn,
  kConstraint,
  kTrigger,
  kPolicy,
  kEnumValue,
  kSchema,
  kExtension,
  kPublication,
  kStatistics,
  kCollation,
  kEventTrigger,
  kServer,
};
std::string_view NameOf(NameSpace space);  // "relation", "enum value", "event trigger" …

}  // namespace ballast::sql
