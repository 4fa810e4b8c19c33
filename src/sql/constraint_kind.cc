// SPDX-License-Identifier: Apache-2.0
#include "sql/constraint_kind.h"

#include <array>
#include <utility>

namespace ballast::sql {

ConstraintKind ConstraintKindOf(std::string_view definition) {
  constexpr std::array<std::pair<std::string_view, ConstraintKind>, 5> kKinds = {
      {{"PRIMARY KEY ", ConstraintKind::kPrimaryKey},
       {"UNIQUE ", ConstraintKind::kUnique},
       {"EXCLUDE ", ConstraintKind::kExclusion},
       {"FOREIGN KEY ", ConstraintKind::kForeignKey},
       {"CHECK ", ConstraintKind::kCheck}}};
  for (const auto& [beginning, kind] : kKinds) {
    if (definition.starts_with(beginning)) return kind;
  }
  return ConstraintKind::kOther;
}

bool HasIndex(ConstraintKind kind) {
  return kind == ConstraintKind::kPrimaryKey || kind == ConstraintKind::kUnique ||
         kind == ConstraintKind::kExclusion;
}

}  // namespace ballast::sql
