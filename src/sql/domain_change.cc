// SPDX-License-Identifier: Apache-2.0
#include "sql/domain_change.h"

#include <nlohmann/json.hpp>

#include "sql/parse_tree_internal.h"

namespace ballast::sql {

using nlohmann::json;

std::optional<DomainChange> ReadDomainChange(std::string_view statement) {
  const std::optional<json> tree = ParseTreeOf(statement);
  if (!tree || At(*tree, "stmts").size() != 1) return std::nullopt;
  const json& alter = At(At(At(*tree, "stmts").front(), "stmt"), "AlterDomainStmt");
  if (alter.empty()) return std::nullopt;
  DomainChange change;
  change.domain = NameFromParts(NamePartsIn(At(alter, "typeName")));
  const std::string subtype = TextAt(alter, "subtype");
  if (subtype == "C") {
    change.kind = DomainChangeKind::kAddConstraint;
    change.constraint = TextAt(At(At(alter, "def"), "Constraint"), "conname");
  } else if (subtype == "O") {
    change.kind = DomainChangeKind::kSetNotNull;
  }
  return change;
}

}  // namespace ballast::sql
