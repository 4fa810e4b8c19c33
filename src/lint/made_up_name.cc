// SPDX-License-Identifier: Apache-2.0
#include "lint/made_up_name.h"

#include "catalog/default_object_name.h"

namespace ballast::lint {
namespace {

std::string Composed(std::string_view first, std::string_view second, const std::string& label) {
  return catalog::DefaultObjectName(std::string(first), std::string(second), label);
}

}  // namespace

std::string MadeUpName(std::string_view first, std::string_view second, const std::string& label,
                       const std::set<std::string>& taken) {
  std::string name = Composed(first, second, label);
  for (int number = 1; taken.contains(name); ++number) {
    name = Composed(first, second, label + std::to_string(number));
  }
  return name;
}

std::string ConstraintName(const Relation& table, std::string_view column,
                           const std::string& label) {
  return MadeUpName(table.name, column, label, table.constraints);
}

std::string NullCheckName(const Relation& table, const std::string& column) {
  std::set<std::string> taken = table.constraints;
  for (const auto& [number, other] : table.columns) {
    if (other.name == column) break;
    taken.insert(MadeUpName(table.name, other.name, "null_check", taken));
  }
  return MadeUpName(table.name, column, "null_check", taken);
}

std::string NewColumnName(const Relation& table, const std::string& column) {
  std::set<std::string> taken;
  for (const auto& [number, other] : table.columns) taken.insert(other.name);
  return MadeUpName(column, {}, "new", taken);
}

std::string BuiltIndexName(const CatalogState& state, const std::string& schema,
                           const std::string& constraint) {
  std::set<std::string> taken;
  for (const auto& [oid, relation] : state.relations) {
    if (relation.schema == schema) taken.insert(relation.name);
  }
  return taken.contains(constraint) ? MadeUpName(constraint, {}, "new", taken) : constraint;
}

}  // namespace ballast::lint
