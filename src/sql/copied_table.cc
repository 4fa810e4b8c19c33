// SPDX-License-Identifier: Apache-2.0
#include "sql/copied_table.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>

#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

// Functions of one row that return one value ("Functions and Operators"). The grammar does not
// distinguish others from aggregates, or from functions that return sets.
constexpr std::array<std::string_view, 32> kOfOneRow = {"abs",
                                                        "ceil",
                                                        "concat",
                                                        "concat_ws",
                                                        "date_trunc",
                                                        "floor",
                                                        "format",
                                                        "trunc",
                                                        "jsonb_build_object",
                                                        "json_build_object",
                                                        "left",
                                                        "length",
                                                        "lower",
                                                        "lpad",
                                                        "md5",
                                                        "nextval",
                                                        "now",
                                                        "replace",
                                                        "right",
                                                        "round",
                                                        "rpad",
                                                        "split_part",
                                                        "btrim",
                                                        "substring",
                                                        "timezone",
                                                        "to_char",
                                                        "to_jsonb",
                                                        "upper",
                                                        "uuid_generate_v4",
                                                        "gen_random_uuid",
                                                        "to_timestamp",
                                                        "regexp_replace"};

// At any depth. A subquery returns one value for each row.
bool GivesOneRow(const json& node) {
  if (node.is_object() && node.contains("SubLink")) return true;
  if (node.is_object() && node.contains("FuncCall")) {
    const ObjectName name = NameFromParts(NamePartsIn(At(node["FuncCall"], "funcname")));
    if (std::ranges::find(kOfOneRow, name.name) == kOfOneRow.end()) return false;
  }
  if (!node.is_structured()) return true;
  return std::ranges::all_of(node, GivesOneRow);
}

bool HasOnly(const json& node, std::initializer_list<std::string_view> keys) {
  for (const auto& [key, value] : node.items()) {
    if (std::ranges::find(keys, key) == keys.end()) return false;
  }
  return true;
}

}  // namespace

std::optional<ObjectName> CopiedTable(std::string_view statement) {
  const std::optional<json> tree = ParseTreeOf(statement);
  if (!tree || At(*tree, "stmts").size() != 1) return std::nullopt;
  const json& insert = At(At(At(*tree, "stmts").front(), "stmt"), "InsertStmt");
  if (!HasOnly(insert, {"relation", "cols", "selectStmt", "override", "returningList"})) {
    return std::nullopt;
  }
  const json& select = At(At(insert, "selectStmt"), "SelectStmt");
  const json& from = At(select, "fromClause");
  const bool plain =
      HasOnly(select, {"targetList", "fromClause", "sortClause", "limitOption", "op"}) &&
      TextAt(select, "limitOption") == "LIMIT_OPTION_DEFAULT" &&
      TextAt(select, "op") == "SETOP_NONE";
  if (!plain || from.size() != 1 || !from.front().contains("RangeVar")) return std::nullopt;
  if (!GivesOneRow(At(select, "targetList"))) return std::nullopt;
  return RelationName(from.front()["RangeVar"]);
}

}  // namespace ballast::sql
