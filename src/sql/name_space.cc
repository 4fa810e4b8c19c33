// SPDX-License-Identifier: Apache-2.0
#include "sql/name_space.h"

namespace ballast::sql {

std::string_view NameOf(NameSpace space) {
  switch (space) {
    case NameSpace::kRelation:
      return "relation";
    case NameSpace::kType:
      return "type";
    case NameSpace::kRoutine:
      return "routine";
    case NameSpace::kColumn:
      return "column";
    case NameSpace::kConstraint:
      return "constraint";
    case NameSpace::kTrigger:
      return "trigger";
    case NameSpace::kPolicy:
      return "policy";
    case NameSpace::kEnumValue:
      return "enum value";
    case NameSpace::kSchema:
      return "schema";
    case NameSpace::kExtension:
      return "extension";
    case NameSpace::kPublication:
      return "publication";
    case NameSpace::kStatistics:
      return "statistics";
    case NameSpace::kCollation:
      return "collation";
    case NameSpace::kEventTrigger:
      return "event trigger";
    case NameSpace::kServer:
      return "server";
  }
  return {};
}

}  // namespace ballast::sql
