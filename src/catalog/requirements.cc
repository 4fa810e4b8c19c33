// SPDX-License-Identifier: Apache-2.0
#include "catalog/requirements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/text.h"
#include "catalog/object_identity.h"
#include "catalog/property_name.h"
#include "sql/constraint_kind.h"
#include "sql/features.h"
#include "sql/lexer.h"

namespace ballast::catalog {
namespace {

// A property whose presence, or one value of which, needs a newer server.
struct Rule {
  std::string_view kind;  // empty: any
  std::string_view property;
  std::string_view value;  // empty: any
  sql::Feature feature;
};

constexpr Rule kRules[] = {
    {"column", "compression", "", {"column compression", 14}},
    {"range type", "multirange", "", {"multirange types", 14}},
    {"", "body", "", {"a function body of SQL (BEGIN ATOMIC)", 14}},
    {"statistics", "expressions", "", {"statistics on expressions", 14}},
    {"sequence", "persistence", "unlogged", {"unlogged sequences", 15}},
    {"publication", "schemas", "", {"publications of schemas", 15}},
    {"collation", "rules", "", {"collation rules", 16}},
    {"collation", "provider", "builtin", {"the collation provider builtin", 17}},
    {"event trigger", "event", "login", {"login event triggers", 17}},
    {"column", "generated kind", "virtual", {"virtual generated columns", 18}},
    {"column", "not null", "not valid", {"NOT NULL … NOT VALID", 18}},
    {"column", "not null", "no inherit", {"NOT NULL … NO INHERIT", 18}},
    {"publication", "generated columns", "", {"publications of generated columns", 18}},
};

// Properties that the server prints as SQL.
constexpr std::array<std::string_view, 11> kDefinitions = {
    "default", "generated", "definition",  "index definition", "using",          "check",
    "body",    "arguments", "expressions", "partition by",     "partition bound"};

constexpr std::array<std::string_view, 6> kTypes = {"type",    "attributes", "arguments",
                                                    "returns", "subtype",    "element"};

template <size_t N>
bool Contains(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool Fits(const Rule& rule, const ObjectProperty& entry) {
  return entry.property == rule.property && (rule.kind.empty() || entry.kind == rule.kind) &&
         (rule.value.empty() || entry.value == rule.value);
}

// numeric(2,-3), numeric(2,5): until 14 the scale was between 0 and the precision.
bool HasOddScale(std::string_view type) {
  const std::vector<sql::Token> tokens = sql::Tokenize(type);
  sql::TokenReader reader(type, tokens);
  if (!reader.Take("numeric") || !reader.Take("(")) return false;
  const std::string precision(reader.Text());
  reader.Skip(2);
  if (reader.Is("-")) return true;
  return std::atoi(std::string(reader.Text()).c_str()) > std::atoi(precision.c_str());
}

// For other extensions it is not known whether they have a function with the name of a newer
// built-in one.
constexpr std::array<std::string_view, 12> kPlainExtensions = {
    "btree_gin", "btree_gist", "citext",  "hstore",   "ltree",     "pg_stat_statements",
    "pg_trgm",   "pgcrypto",   "postgis", "unaccent", "uuid-ossp", "vector"};

class Finder {
 public:
  explicit Finder(const Snapshot& snapshot) : snapshot_(snapshot) {
    for (const ObjectProperty& entry : snapshot) {
      if (entry.property == "kind" && entry.value == "partitioned")
        partitioned_.insert(entry.object);
      if (entry.kind == "function") own_functions_.insert(LastNameOf(entry.object));
      if (entry.kind == "extension" && !Contains(kPlainExtensions, LastNameOf(entry.object))) {
        may_have_other_functions_ = true;
      }
      if (entry.property == "language" && (entry.value == "sql" || entry.value == "plpgsql")) {
        readable_.insert(entry.object);
      }
    }
  }

  std::vector<Requirement> Run() && {
    for (const ObjectProperty& entry : snapshot_) {
      ByRule(entry);
      ByText(entry);
      ByPlace(entry);
    }
    return std::move(found_);
  }

 private:
  void Add(const ObjectProperty& entry, const sql::Feature& feature) {
    Requirement found{std::string(feature.name), fmt::format("{} {}", entry.kind, entry.object),
                      feature.since};
    if (std::find(found_.begin(), found_.end(), found) == found_.end()) {
      found_.push_back(std::move(found));
    }
  }

  void ByRule(const ObjectProperty& entry) {
    for (const Rule& rule : kRules) {
      if (Fits(rule, entry)) Add(entry, rule.feature);
    }
    if (IsPrivilege(entry.property) && entry.value.find("MAINTAIN") != std::string::npos) {
      Add(entry, {"the privilege MAINTAIN", 17});
    }
    if (entry.kind == "publication" && entry.property.starts_with("table ") &&
        entry.value != "all columns") {
      Add(entry, {"publications of columns or rows", 15});
    }
    if (entry.kind == "view" && entry.property == "options" &&
        entry.value.find("security_invoker") != std::string::npos) {
      Add(entry, {"security_invoker views", 15});
    }
    if (entry.kind.ends_with("default privileges") && entry.object.find("large objects") == 0) {
      Add(entry, {"default privileges on large objects", 18});
    }
  }

  void ByText(const ObjectProperty& entry) {
    const bool type = Contains(kTypes, entry.property);
    if (type && sql::HasMultirange(entry.value)) Add(entry, {"multirange types", 14});
    if (type && HasOddScale(entry.value)) Add(entry, {"numeric with such a scale", 15});
    if (entry.kind == "procedure" && entry.property == "arguments") ByProcedure(entry);
    const bool source = entry.property == "source" && readable_.contains(entry.object);
    if (!source && !Contains(kDefinitions, entry.property)) return;
    for (const sql::Feature& feature : sql::FeaturesOfDefinition(entry.value)) Add(entry, feature);
    // Code can check the version before it calls a function.
    if (!source && !may_have_other_functions_) ByFunctions(entry);
  }

  void ByProcedure(const ObjectProperty& entry) {
    const std::vector<sql::Token> tokens = sql::Tokenize(entry.value);
    const sql::TokenReader reader(entry.value, tokens);
    if (reader.Has("out")) Add(entry, {"procedures with OUT parameters", 14});
  }

  void ByFunctions(const ObjectProperty& entry) {
    for (const sql::Feature& feature : sql::FunctionsOfDefinition(entry.value)) {
      const std::string name = ToLowerAscii(feature.name.substr(0, feature.name.find('(')));
      if (!own_functions_.contains(name)) Add(entry, feature);
    }
  }

  void ByPlace(const ObjectProperty& entry) {
    const std::string parent = PlaceOf(entry.kind, entry.object).parent;
    if (!partitioned_.contains(parent.empty() ? entry.object : parent)) return;
    if (entry.property == "access method") {
      Add(entry, {"access methods of partitioned tables", 17});
    }
    if (entry.kind != "constraint" || entry.property != "definition") return;
    const sql::ConstraintKind kind = sql::ConstraintKindOf(entry.value);
    if (kind == sql::ConstraintKind::kExclusion) {
      Add(entry, {"EXCLUDE constraints of partitioned tables", 17});
    }
    if (kind == sql::ConstraintKind::kForeignKey && entry.value.ends_with(" NOT VALID")) {
      Add(entry, {"foreign keys of partitioned tables that are NOT VALID", 18});
    }
  }

  const Snapshot& snapshot_;
  std::set<std::string> partitioned_;    // tables
  std::set<std::string> own_functions_;  // raw names
  std::set<std::string> readable_;       // functions whose source is SQL text
  bool may_have_other_functions_ = false;
  std::vector<Requirement> found_;
};

}  // namespace

std::vector<Requirement> RequirementsOf(const Snapshot& snapshot) {
  return Finder(snapshot).Run();
}

}  // namespace ballast::catalog
