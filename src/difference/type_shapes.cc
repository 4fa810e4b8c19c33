// SPDX-License-Identifier: Apache-2.0
#include "difference/type_shapes.h"

#include <algorithm>
#include <variant>

#include "catalog/object_identity.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Database;
using catalog::Definition;
using catalog::Step;

constexpr int kDeepest = 8;

const Definition* DefinitionOf(const Database& database, const catalog::Name& name) {
  const auto found = std::find_if(
      database.definitions.begin(), database.definitions.end(), [&](const Definition& one) {
        const bool type = one.step == Step::kCreateEnum || one.step == Step::kCreateDomain ||
                          one.step == Step::kCreateType;
        return type && one.name == name;
      });
  return found == database.definitions.end() ? nullptr : &*found;
}

// Checks that are not valid for all rows are definitions of their own.
bool HasChecks(const Database& database, const Definition& domain) {
  const auto is_check = [](const catalog::Clause& clause) { return clause.id.object != 0; };
  const auto is_separate = [&](const Definition& one) {
    return one.step == Step::kAlterDomain && one.name == domain.name;
  };
  return std::ranges::any_of(domain.clauses, is_check) ||
         std::ranges::any_of(database.definitions, is_separate);
}

TypeShape Find(const Database& database, const std::string& type, int depth) {
  TypeShape shape = ShapeOfBuiltIn(type);
  std::string element = type;
  while (element.ends_with("[]")) element.resize(element.size() - 2);
  const std::string brackets = type.substr(element.size());
  if (depth == kDeepest || element.empty()) return shape;
  const catalog::Name name = NameOfType(element);
  const auto add = [&](const std::string& attribute, const std::string& of) {
    shape.attributes.emplace_back(attribute, Find(database, of, depth + 1));
  };
  if (const Definition* definition = DefinitionOf(database, name)) {
    shape.defined = true;
    if (const auto* labels = std::get_if<catalog::Enum>(&definition->created)) {
      shape.labels = labels->values;
    }
    if (const auto* composite = std::get_if<catalog::CompositeType>(&definition->created)) {
      for (const auto& attribute : composite->attributes) {
        add(sql::QuoteIdentifier(attribute.name), attribute.type);
      }
    }
    if (const auto* domain = std::get_if<catalog::Domain>(&definition->created)) {
      shape = Find(database, domain->type + brackets, depth + 1);
      shape.text = type;
      std::vector<std::string>& constraints =
          brackets.empty() ? shape.constraints : shape.element_constraints;
      for (const catalog::Clause& clause : definition->clauses) {
        if (!clause.inside.empty()) constraints.push_back(clause.inside);
      }
    }
    return shape;
  }
  for (const catalog::TableObject& table : database.tables) {
    if (table.table.name != name) continue;
    shape.defined = true;
    for (const catalog::Column& column : table.table.columns) {
      add(sql::QuoteIdentifier(column.name), column.type);
    }
  }
  return shape;
}

}  // namespace

TypeShape ShapeOf(const Database& database, const std::string& type) {
  return Find(database, type, 0);
}

bool IsConstrainedDomain(const Database& database, const std::string& type) {
  std::string name = type.ends_with(']') ? std::string() : type;
  for (int depth = 0; depth < kDeepest; ++depth) {
    const Definition* definition = DefinitionOf(database, NameOfType(name));
    const auto* domain =
        definition == nullptr ? nullptr : std::get_if<catalog::Domain>(&definition->created);
    if (domain == nullptr) return false;
    if (domain->not_null || HasChecks(database, *definition)) return true;
    name = domain->type;
  }
  return false;
}

catalog::Name NameOfType(const std::string& type) {
  const std::vector<std::string> parts = catalog::PartsOf(type);
  if (parts.empty()) return {};
  return {parts.size() > 1 ? parts.front() : std::string(), parts.back()};
}

catalog::Name NameOfElements(const std::string& type) {
  return NameOfType(type.ends_with("[]") ? type.substr(0, type.find("[]")) : type);
}

std::string LabelToAdd(const catalog::Database& database, const std::string& type,
                       const TypeShape& goal) {
  const TypeShape shape = ShapeOf(database, type);
  const auto is_known = [&](const std::string& label) {
    return std::ranges::find(shape.labels, label) != shape.labels.end();
  };
  const bool is_enum = shape.base == shape.text && !shape.labels.empty();  // and no domain over one
  if (!is_enum || goal.labels.empty() || std::ranges::any_of(goal.labels, is_known)) return {};
  return "ALTER TYPE " + catalog::QuotedName(NameOfElements(type)) + " ADD VALUE " +
         sql::QuoteLiteral(goal.labels.front()) + ";";
}

TypeShape ShapeOfBuiltIn(const std::string& type) {
  TypeShape shape;
  shape.text = shape.base = type;
  shape.array = type.ends_with("[]");
  return shape;
}

}  // namespace ballast::difference
