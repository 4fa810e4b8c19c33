// SPDX-License-Identifier: Apache-2.0
#include "plan/prisma_view.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"
#include "catalog/object_identity.h"
#include "plan/prisma_defaults.h"
#include "plan/prisma_types.h"
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

// Prisma reads the expression of a generated column as its default, and an identity column as one
// with a sequence.
std::string DefaultSeen(const Values& column) {
  if (column.contains("identity")) return "nextval() of the identity column";
  const std::string generated = ValueOf(column, "generated");
  return generated.empty() ? ValueOf(column, "default") : generated;
}

// What the columns of one snapshot are compared by.
class ColumnView {
 public:
  ColumnView(const Snapshot& expected, const Snapshot& replayed)
      : domains_(ObjectsOf(replayed, "domain")), enums_(ObjectsOf(replayed, "enum")) {
    enums_.merge(ObjectsOf(expected, "enum"));
  }

  // Makes the properties those in which Prisma sees the differences. `written` may be null.
  void Compare(const WrittenColumn* written, Values& expected, Values& replayed) const {
    const bool unsupported = written != nullptr && !written->unsupported.empty();
    replayed = SeenType(expected, std::move(replayed), unsupported);
    const bool has_no_length = written != nullptr && !written->without_length.empty();
    if (has_no_length) expected["type"] = written->without_length;
    const std::string type = ValueOf(replayed, "type");
    if (unsupported && ValueOf(expected, "type") == type && !IsUnsupported(ReadType(type).name)) {
      expected["type"] = "Unsupported(\"" + written->unsupported + "\")";
    }
    CompareDefaults(written, expected, replayed);
  }

 private:
  // The column's properties as Prisma sees them, if it sees the expected type in them.
  Values SeenType(const Values& expected, Values replayed, bool unsupported) const {
    const std::string type = ValueOf(expected, "type");
    if (ValueOf(replayed, "type") == type) return replayed;
    Values seen = WithoutDomains(replayed);
    if (!AreEqual(type, ValueOf(seen, "type"), unsupported)) return replayed;
    const bool null_differs = ValueOf(expected, "not null") != ValueOf(seen, "not null");
    if (null_differs && !type.ends_with("[]")) return replayed;
    seen["type"] = type;
    return seen;
  }

  void CompareDefaults(const WrittenColumn* written, Values& expected, Values& replayed) const {
    DefaultPair pair{ValueOf(expected, "default"), DefaultSeen(replayed),
                     ReadType(ValueOf(replayed, "type"))};
    pair.is_enum = enums_.contains(pair.type.name);
    if (written != nullptr) pair.generated = written->generated_default;
    if (AreSameDefaults(pair)) {
      replayed.erase("default");
      if (!pair.expected.empty()) replayed["default"] = pair.expected;
      return;
    }
    if (!pair.replayed.empty()) replayed["default"] = pair.replayed;
    if (pair.expected == pair.replayed) expected["default"] = WrittenDefault(pair);
  }

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

  // `unsupported`: whether the schema calls the expected type Unsupported("…").
  bool AreEqual(const std::string& expected, const std::string& replayed, bool unsupported) const {
    if (expected == replayed) return true;
    const TypeText a = ReadType(expected);
    const TypeText b = ReadType(replayed);
    if (a.list != b.list) return false;
    if (unsupported || IsUnsupported(a.name)) return IsUnsupported(b.name);
    if (a.name != b.name || !IsTimeType(a.name)) return false;
    // A precision that is not stated equals every one. The server states 6, but not for lists.
    return a.arguments.empty() || (b.arguments.empty() && (b.list || a.arguments == "6"));
  }

  Objects domains_;
  Objects enums_;
};

const WrittenColumn* FindWritten(const std::string& column,
                                 const std::vector<WrittenColumn>& written) {
  std::vector<std::string> parts = catalog::PartsOf(column);
  if (parts.size() == 2) parts.insert(parts.begin(), std::string());
  if (parts.size() != 3) return nullptr;
  const auto found =
      std::find_if(written.begin(), written.end(), [&](const WrittenColumn& candidate) {
        return candidate.column == parts[2] && candidate.table == parts[1] &&
               candidate.schema == parts[0];
      });
  return found == written.end() ? nullptr : &*found;
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
  if (definition.find(" WITHOUT OVERLAPS") != std::string::npos) return std::nullopt;
  if (definition.starts_with(kNotDistinct)) {
    return "USING btree " + definition.substr(kNotDistinct.size()) + " NULLS NOT DISTINCT";
  }
  if (!definition.starts_with(kUnique)) return std::nullopt;
  return "USING btree " + definition.substr(kUnique.size());
}

// The properties of the unique index that Prisma takes the constraint for; empty for others.
Snapshot UniqueIndexOf(const std::string& constraint, const Values& values) {
  std::string unique = ValueOf(values, "definition");
  const size_t deferrable = unique.rfind(" DEFERRABLE");
  const bool is_deferrable =
      deferrable != std::string::npos && unique.find(')', deferrable) == std::string::npos;
  if (is_deferrable) unique.erase(deferrable);
  const std::optional<std::string> definition = IndexOfUnique(unique);
  std::vector<std::string> parts = WrittenParts(constraint);
  if (!definition || parts.size() < 2) return {};
  const std::string name = parts.back();
  parts.pop_back();
  const std::string table = Join(parts, ".");
  const std::string index = parts.size() == 2 ? parts[0] + "." + name : name;
  Snapshot entries = {{"index", index, "definition", *definition},
                      {"index", index, "table", table},
                      {"index", index, "unique", "yes"}};
  if (is_deferrable) entries.push_back({"index", index, "deferrable", "yes"});
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

// The end of an index's definition, " WHERE (a > 0)"; empty if it is not partial.
std::string PredicateOf(const std::string& definition) {
  const size_t begin = definition.find(" WHERE ");
  return begin == std::string::npos ? std::string() : definition.substr(begin);
}

// Equal for indexes of one table that Prisma considers equal; empty for what it does not see.
std::string KeyOf(const Values& index, sql::IndexOrigin origin) {
  const auto seen = sql::ReadPrismaIndex(ValueOf(index, "definition"), origin);
  if (!seen || seen->partial) return {};
  return ValueOf(index, "table") + " " + ValueOf(index, "unique") + " " + seen->columns;
}

}  // namespace

PrismaView AsPrismaSees(const Snapshot& expected, const Snapshot& replayed,
                        const PrismaScope& scope) {
  PrismaView seen;
  for (const ObjectProperty& entry : expected) {
    if (entry.kind != "column") seen.expected.push_back(entry);
  }
  for (const ObjectProperty& entry : replayed) {
    if (entry.kind != "column" && entry.kind != "constraint") seen.replayed.push_back(entry);
  }
  const ColumnView view(expected, replayed);
  Objects expected_columns = ObjectsOf(expected, "column");
  for (const auto& [name, values] : ObjectsOf(replayed, "column")) {
    Values column = values;
    const auto counterpart = expected_columns.find(name);
    if (counterpart != expected_columns.end()) {
      view.Compare(FindWritten(name, scope.columns), counterpart->second, column);
    }
    AddObject("column", name, column, seen.replayed);
  }
  for (const auto& [name, values] : expected_columns) {
    AddObject("column", name, values, seen.expected);
  }
  for (const auto& [name, values] : ObjectsOf(replayed, "constraint")) {
    const Snapshot index = UniqueIndexOf(name, values);
    seen.replayed.insert(seen.replayed.end(), index.begin(), index.end());
    if (index.empty()) AddObject("constraint", name, values, seen.replayed);
  }
  seen.expected = catalog::SortedSnapshot(std::move(seen.expected));
  seen.replayed = catalog::SortedSnapshot(std::move(seen.replayed));
  return seen;
}

bool AreSameIndexForPrisma(const std::string& expected, const std::string& replayed,
                           const PrismaScope& scope) {
  const auto a = sql::ReadPrismaIndex(expected, sql::IndexOrigin::kSchema);
  const auto b = sql::ReadPrismaIndex(replayed, sql::IndexOrigin::kDatabase);
  if (!a || !b) return false;
  if (a->columns != b->columns) return false;
  if (scope.partial_indexes) return PredicateOf(expected) == PredicateOf(replayed);
  return a->partial == b->partial || scope.prisma_major >= 7;
}

bool IsSeenIndex(const std::string& replayed, const PrismaScope& scope) {
  const auto index = sql::ReadPrismaIndex(replayed, sql::IndexOrigin::kDatabase);
  return index && (!index->partial || scope.partial_indexes);
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
