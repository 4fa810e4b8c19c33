// SPDX-License-Identifier: Apache-2.0
#include "catalog/used_columns.h"

#include "catalog/object_identity.h"
#include "sql/definition_columns.h"

namespace ballast::catalog {
namespace {

// What precedes the value of a property so that both are a statement.
struct DefinitionStart {
  std::string_view kind, property, text;
};
constexpr DefinitionStart kStarts[] = {
    {"index", "definition", "CREATE INDEX ON t "},
    {"constraint", "definition", "ALTER TABLE t ADD CONSTRAINT c "},
    {"trigger", "definition", ""},
    {"policy", "using", "SELECT "},
    {"policy", "check", "SELECT "},
    {"statistics", "columns", "SELECT "},
    {"statistics", "expressions", "SELECT "},
};

std::string StatementOf(const DefinitionStart& start, const std::string& value) {
  return std::string(start.text) + value;
}

}  // namespace

std::set<std::string> UsedColumns(std::string_view kind, std::string_view table,
                                  const PropertyValues& properties) {
  std::set<std::string> columns;
  for (const DefinitionStart& start : kStarts) {
    const auto value = properties.find(start.property);
    if (start.kind != kind || value == properties.end()) continue;
    columns.merge(sql::ColumnsIn(StatementOf(start, value->second), LastNameOf(table)));
  }
  return columns;
}

bool DiffersInCasts(std::string_view kind, std::string_view property, const std::string& a,
                    const std::string& b) {
  for (const DefinitionStart& start : kStarts) {
    if (start.kind != kind || start.property != property) continue;
    return sql::EqualWithoutCasts(StatementOf(start, a), StatementOf(start, b));
  }
  return false;
}

}  // namespace ballast::catalog
