// SPDX-License-Identifier: Apache-2.0
#include "difference/type_shapes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "catalog/object_identity.h"
#include "difference/alter.h"
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

// The type in "CREATE DOMAIN d AS numeric(6,2) DEFAULT 1 NOT NULL;".
std::string DomainBase(const std::string& statement) {
  constexpr std::string_view kAs = " AS ";
  const size_t start = statement.find(kAs);
  if (start == statement.npos) return {};
  std::string text = statement.substr(start + kAs.size());
  for (const std::string_view end :
       {" COLLATE ", " DEFAULT ", " CONSTRAINT ", " NOT NULL", " CHECK ", ";\n"}) {
    text.resize(std::min(text.size(), text.find(end)));
  }
  return text;
}

// The end of the quoted or plain name that a line begins with.
size_t EndOfName(const std::string& line) {
  if (!line.starts_with('"')) return line.find(' ');
  for (size_t at = 1; at < line.size(); ++at) {
    if (line[at] != '"') continue;
    if (at + 1 == line.size() || line[at + 1] != '"') return at + 1;
    ++at;
  }
  return line.npos;
}

// The names and types in "CREATE TYPE t AS (\n    a integer,\n    b text COLLATE c\n);\n".
std::vector<std::pair<std::string, std::string>> AttributesOf(const std::string& statement) {
  std::vector<std::pair<std::string, std::string>> attributes;
  if (statement.find(" AS (") == statement.npos) return attributes;
  for (std::string line : LinesOf(statement)) {
    if (!line.starts_with("    ")) continue;
    line.erase(0, 4);
    if (line.ends_with(',')) line.pop_back();
    const size_t end = EndOfName(line);
    if (end == line.npos || end + 1 >= line.size()) continue;
    const std::string type = line.substr(end + 1);
    const std::string name = catalog::PartsOf(line.substr(0, end)).back();
    attributes.emplace_back(sql::QuoteIdentifier(name), type.substr(0, type.find(" COLLATE ")));
  }
  return attributes;
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
    if (definition->step == Step::kCreateEnum) shape.labels = LabelsOf(definition->statements);
    if (definition->step == Step::kCreateType) {
      for (const auto& [attribute, of] : AttributesOf(definition->statements)) add(attribute, of);
    }
    if (definition->step == Step::kCreateDomain) {
      shape = Find(database, DomainBase(definition->statements) + brackets, depth + 1);
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
  std::string domain = type.ends_with(']') ? std::string() : type;
  for (int depth = 0; depth < kDeepest; ++depth) {
    const Definition* definition = DefinitionOf(database, NameOfType(domain));
    if (definition == nullptr || definition->step != Step::kCreateDomain) return false;
    const std::string& text = definition->statements;
    if (!definition->clauses.empty() || text.find(" NOT NULL") != text.npos ||
        text.find(" CHECK ") != text.npos) {
      return true;
    }
    domain = DomainBase(text);
  }
  return false;
}

catalog::Name NameOfType(const std::string& type) {
  const std::vector<std::string> parts = catalog::PartsOf(type);
  if (parts.empty()) return {};
  return {parts.size() > 1 ? parts.front() : std::string(), parts.back()};
}

TypeShape ShapeOfBuiltIn(const std::string& type) {
  TypeShape shape;
  shape.text = shape.base = type;
  shape.array = type.ends_with("[]");
  return shape;
}

}  // namespace ballast::difference
