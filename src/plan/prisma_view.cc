// SPDX-License-Identifier: Apache-2.0
#include "plan/prisma_view.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"
#include "catalog/object_identity.h"
#include "sql/prisma_definitions.h"

namespace ballast::plan {
namespace {

using catalog::ObjectProperty;
using catalog::Snapshot;
using Values = std::map<std::string, std::string, std::less<>>;  // by property
using Objects = std::map<std::string, Values, std::less<>>;      // by identity

Objects ObjectsOf(const Snapshot& snapshot, std::string_view kind) {
  Objects objects;
  for (const ObjectProperty& entry : snapshot) {
    if (entry.kind == kind) objects[entry.object][entry.property] = entry.value;
  }
  return objects;
}

std::string ValueOf(const Values& values, std::string_view property) {
  const auto found = values.find(property);
  return found == values.end() ? std::string() : found->second;
}

// A type as the server prints it: "timestamp(3) without time zone[]".
struct TypeText {
  std::string name;       // "timestamp without time zone"
  std::string arguments;  // "3"; empty if there are none
  bool list = false;
};

TypeText ReadType(std::string text) {
  TypeText type;
  type.list = text.ends_with("[]");
  while (text.ends_with("[]")) text.erase(text.size() - 2);
  const size_t open = text.find('(');
  const size_t close = text.find(')');
  if (text.starts_with('"') || open == std::string::npos || close == std::string::npos) {
    type.name = std::move(text);
    return type;
  }
  type.arguments = text.substr(open + 1, close - open - 1);
  type.name = text.substr(0, open) + text.substr(close + 1);
  return type;
}

bool IsTime(const std::string& name) {
  return name.starts_with("timestamp ") || name.starts_with("time ");
}

// The types that Prisma has names for; enums are not among them.
bool HasPrismaType(const std::string& name) {
  static constexpr std::array kNames = {
      "smallint",          "integer",   "bigint", "oid",   "real", "numeric", "money",
      "double precision",  "boolean",   "text",   "date",  "bit",  "bytea",   "bit varying",
      "character varying", "character", "json",   "jsonb", "uuid", "xml",     "inet"};
  return IsTime(name) || name == "citext" || name.ends_with(".citext") ||
         std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// What the columns of one snapshot are compared by.
class ColumnView {
 public:
  ColumnView(const Snapshot& expected, const Snapshot& replayed)
      : domains_(ObjectsOf(replayed, "domain")), enums_(ObjectsOf(replayed, "enum")) {
    enums_.merge(ObjectsOf(expected, "enum"));
  }

  // The column's properties as Prisma sees them, if it sees `expected` in them.
  Values Seen(const Values& expected, Values replayed) const {
    const std::string type = ValueOf(expected, "type");
    if (ValueOf(replayed, "type") == type) return replayed;
    Values seen = WithoutDomains(replayed);
    if (!AreEqual(type, ValueOf(seen, "type"))) return replayed;
    const bool null_differs = ValueOf(expected, "not null") != ValueOf(seen, "not null");
    if (null_differs && !type.ends_with("[]")) return replayed;
    seen["type"] = type;
    return seen;
  }

 private:
  // Prisma reads information_schema.columns, which has the type below a domain and its NOT NULL; of
  // a domain over another one, neither the NOT NULL nor the arguments of the type below.
  Values WithoutDomains(Values column) const {
    const auto domain = domains_.find(ValueOf(column, "type"));
    if (domain == domains_.end()) return column;
    if (domain->second.contains("not null")) column["not null"] = "yes";
    std::string type = ValueOf(domain->second, "type");
    for (auto below = domains_.find(type); below != domains_.end(); below = domains_.find(type)) {
      type = ReadType(ValueOf(below->second, "type")).name;
    }
    column["type"] = std::move(type);
    return column;
  }

  bool IsUnsupported(const std::string& name) const {
    return !HasPrismaType(name) && !enums_.contains(name);
  }

  bool AreEqual(const std::string& expected, const std::string& replayed) const {
    if (expected == replayed) return true;
    const TypeText a = ReadType(expected);
    const TypeText b = ReadType(replayed);
    if (a.list != b.list) return false;
    if (IsUnsupported(a.name) && IsUnsupported(b.name)) return true;
    if (a.name != b.name || !IsTime(a.name)) return false;
    // A precision that is not stated equals every one. The server states 6, but not for lists.
    return a.arguments.empty() || (b.arguments.empty() && (b.list || a.arguments == "6"));
  }

  Objects domains_;
  Objects enums_;
};

bool IsOpen(const std::string& column, const std::vector<ColumnName>& open) {
  std::vector<std::string> parts = catalog::PartsOf(column);
  if (parts.size() == 2) parts.insert(parts.begin(), std::string());
  return parts.size() == 3 && std::any_of(open.begin(), open.end(), [&](const ColumnName& name) {
           return name.column == parts[2] && name.table == parts[1] && name.schema == parts[0];
         });
}

// The parts of a dotted identity as they are written: "a b".c → "a b", c.
std::vector<std::string> WrittenParts(const std::string& identity) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : identity) {
    if (c == '"') quoted = !quoted;
    if (c == '.' && !quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// "UNIQUE (a) INCLUDE (b)" → "USING btree (a) INCLUDE (b)"; nothing for other constraints.
std::optional<std::string> IndexOfUnique(const std::string& definition) {
  constexpr std::string_view kNotDistinct = "UNIQUE NULLS NOT DISTINCT ";
  constexpr std::string_view kUnique = "UNIQUE ";
  for (const char* other : {" DEFERRABLE", " WITHOUT OVERLAPS"}) {
    if (definition.find(other) != std::string::npos) return std::nullopt;
  }
  if (definition.starts_with(kNotDistinct)) {
    return "USING btree " + definition.substr(kNotDistinct.size()) + " NULLS NOT DISTINCT";
  }
  if (!definition.starts_with(kUnique)) return std::nullopt;
  return "USING btree " + definition.substr(kUnique.size());
}

// The properties of the unique index that Prisma takes the constraint for; empty for others.
Snapshot UniqueIndexOf(const std::string& constraint, const Values& values) {
  const std::optional<std::string> definition = IndexOfUnique(ValueOf(values, "definition"));
  std::vector<std::string> parts = WrittenParts(constraint);
  if (!definition || parts.size() < 2) return {};
  const std::string name = parts.back();
  parts.pop_back();
  const std::string table = Join(parts, ".");
  const std::string index = parts.size() == 2 ? parts[0] + "." + name : name;
  Snapshot entries = {{"index", index, "definition", *definition},
                      {"index", index, "table", table},
                      {"index", index, "unique", "yes"}};
  for (const auto& [property, value] : values) {
    if (property == "definition") continue;
    const bool of_index = property.starts_with("index ");
    entries.push_back({"index", index, of_index ? property.substr(6) : property, value});
  }
  return entries;
}

void AddObject(const std::string& kind, const std::string& name, const Values& values,
               Snapshot& snapshot) {
  for (const auto& [property, value] : values) snapshot.push_back({kind, name, property, value});
}

// Equal for indexes of one table that Prisma considers equal; empty for what it does not see.
std::string KeyOf(const Values& index, sql::IndexOrigin origin) {
  const auto seen = sql::ReadPrismaIndex(ValueOf(index, "definition"), origin);
  if (!seen || seen->partial) return {};
  return ValueOf(index, "table") + " " + ValueOf(index, "unique") + " " + seen->columns;
}

}  // namespace

Snapshot AsPrismaSees(const Snapshot& expected, const Snapshot& replayed,
                      const PrismaScope& scope) {
  Snapshot seen;
  for (const ObjectProperty& entry : replayed) {
    if (entry.kind != "column" && entry.kind != "constraint") seen.push_back(entry);
  }
  const ColumnView view(expected, replayed);
  const Objects expected_columns = ObjectsOf(expected, "column");
  for (const auto& [name, values] : ObjectsOf(replayed, "column")) {
    const auto counterpart = expected_columns.find(name);
    Values column =
        counterpart == expected_columns.end() ? values : view.Seen(counterpart->second, values);
    if (IsOpen(name, scope.open_defaults)) column.erase("default");
    AddObject("column", name, column, seen);
  }
  for (const auto& [name, values] : ObjectsOf(replayed, "constraint")) {
    const Snapshot index = UniqueIndexOf(name, values);
    seen.insert(seen.end(), index.begin(), index.end());
    if (index.empty()) AddObject("constraint", name, values, seen);
  }
  return catalog::SortedSnapshot(std::move(seen));
}

bool AreSameIndexForPrisma(const std::string& expected, const std::string& replayed,
                           int prisma_major) {
  const auto a = sql::ReadPrismaIndex(expected, sql::IndexOrigin::kSchema);
  const auto b = sql::ReadPrismaIndex(replayed, sql::IndexOrigin::kDatabase);
  if (!a || !b) return false;
  return a->columns == b->columns && (a->partial == b->partial || prisma_major >= 7);
}

void RemoveRepeatedIndexes(const Snapshot& expected, const Snapshot& replayed,
                           std::vector<catalog::Difference>& differences) {
  std::map<std::string, std::string> keys;  // by identity
  std::set<std::string> listed;             // keys of the schema's indexes
  for (const auto& [name, values] : ObjectsOf(expected, "index")) {
    const std::string key = KeyOf(values, sql::IndexOrigin::kSchema);
    keys[name] = key;
    listed.insert(key);
  }
  std::map<std::string, int> counts;
  for (const auto& [name, values] : ObjectsOf(replayed, "index")) {
    const std::string key = KeyOf(values, sql::IndexOrigin::kDatabase);
    keys.emplace(name, key);
    ++counts[key];
  }
  std::erase_if(differences, [&](const catalog::Difference& difference) {
    if (difference.kind != "index" || difference.change == catalog::ChangeKind::kChanged) {
      return false;
    }
    const auto key = keys.find(difference.identity);
    return key != keys.end() && !key->second.empty() && listed.contains(key->second) &&
           counts[key->second] > 1;
  });
}

}  // namespace ballast::plan
