// SPDX-License-Identifier: Apache-2.0
#include "sql/code_of_block.h"

#include <nlohmann/json.hpp>

#include "sql/parse_tree_internal.h"

namespace ballast::sql {

using nlohmann::json;

std::optional<std::string> CodeOfBlock(std::string_view statement) {
  const std::optional<json> tree = ParseTreeOf(statement);
  if (!tree || At(*tree, "stmts").size() != 1) return std::nullopt;
  const json& block = At(At(At(*tree, "stmts").front(), "stmt"), "DoStmt");
  for (const json& item : At(block, "args")) {
    const json& argument = At(item, "DefElem");
    if (TextAt(argument, "defname") == "as") return StringIn(At(argument, "arg"));
  }
  return std::nullopt;
}

}  // namespace ballast::sql
