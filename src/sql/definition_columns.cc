// SPDX-License-Identifier: Apache-2.0
#include "sql/definition_columns.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

// The lists of column names in the statements that make constraints, triggers and statistics.
constexpr std::array<const char*, 4> kNameLists = {"keys", "fk_attrs", "including", "columns"};

bool IsOfTable(const std::string& qualifier, std::string_view table) {
  return qualifier == table || qualifier == "new" || qualifier == "old";
}

class ColumnCollector {
 public:
  explicit ColumnCollector(std::string_view table) : table_(table) {}

  void Visit(const json& node) {
    if (node.is_array()) {
      for (const json& part : node) Visit(part);
    }
    if (!node.is_object()) return;
    AddReference(NamePartsIn(At(At(node, "ColumnRef"), "fields")));
    Add(TextAt(At(node, "IndexElem"), "name"));
    AddNames(At(node, "Constraint"));
    AddNames(At(node, "CreateTrigStmt"));
    for (const json& part : node) Visit(part);
  }

  std::set<std::string> columns;

 private:
  void Add(std::string name) {
    if (!name.empty()) columns.insert(std::move(name));
  }
  void AddReference(std::vector<std::string> names) {
    const bool qualified = names.size() > 1;
    if (qualified && !IsOfTable(names[names.size() - 2], table_)) return;
    if (!names.empty()) Add(std::move(names.back()));
  }
  void AddNames(const json& statement) {
    for (const char* list : kNameLists) {
      for (std::string& name : NamePartsIn(At(statement, list))) Add(std::move(name));
    }
  }

  std::string_view table_;
};

bool IsPlace(const std::string& key) {
  return key == "location" || key == "stmt_location" || key == "stmt_len";
}

json WithoutCasts(const json& node) {
  if (node.is_array()) {
    json parts = json::array();
    for (const json& part : node) parts.push_back(WithoutCasts(part));
    return parts;
  }
  if (!node.is_object()) return node;
  if (const json& cast = At(node, "TypeCast"); cast.contains("arg")) {
    return WithoutCasts(At(cast, "arg"));
  }
  json parts = json::object();
  for (const auto& [key, part] : node.items()) {
    if (!IsPlace(key)) parts[key] = WithoutCasts(part);
  }
  return parts;
}

}  // namespace

std::set<std::string> ColumnsIn(std::string_view statements, std::string_view table) {
  ColumnCollector collector(table);
  if (const auto tree = ParseTreeOf(statements)) collector.Visit(*tree);
  return std::move(collector.columns);
}

bool EqualWithoutCasts(std::string_view a, std::string_view b) {
  const auto first = ParseTreeOf(a), second = ParseTreeOf(b);
  return first && second && WithoutCasts(*first) == WithoutCasts(*second);
}

}  // namespace ballast::sql
