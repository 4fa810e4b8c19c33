// SPDX-License-Identifier: Apache-2.0
#include "catalog/requirements.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "base/text.h"
#include "catalog/object_identity.h"
#include "sql/features.h"
#include "sql/lexer.h"

namespace ballast::catalog {
namespace {

// A property whose mere presence, or one value of which, needs a newer server.
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

bool Fits(const Rule& rule, const ObjectProperty& fact) {
  return fact.property == rule.property && (rule.kind.empty() || fact.kind == rule.kind) &&
         (rule.value.empty() || fact.value == rule.value);
}

// numeric(2,-3), numeric(2,5): until 14 the scale was between 0 and the precision.
bool HasOddScale(std::string_view type) {
  const std::vector<sql::Token> tokens = sql::Tokenize(type);
  sql::TokenReader reader(type, tokens.data(), tokens.data() + tokens.size());
  if (!reader.Take("numeric") || !reader.Take("(")) return false;
  const std::string precision(reader.Text());
  reader.Skip(2);
  if (reader.Is("-")) return true;
  return std::atoi(std::string(reader.Text()).c_str()) > std::atoi(precision.c_str());
}

// What some extension may bring besides: only of these it is known that none of their functions
// has the name of a newer built-in one.
constexpr std::array<std::string_view, 12> kPlainExtensions = {
    "btree_gin", "btree_gist", "citext",  "hstore",   "ltree",     "pg_stat_statements",
    "pg_trgm",   "pgcrypto",   "postgis", "unaccent", "uuid-ossp", "vector"};

class Finder {
 public:
  explicit Finder(const Snapshot& snapshot) : snapshot_(snapshot) {
    for (const ObjectProperty& fact : snapshot) {
      if (fact.property == "kind" && fact.value == "partitioned") partitioned_.insert(fact.object);
      if (fact.property == "partition of") partitions_.insert(fact.object);
      if (fact.kind == "function") own_functions_.insert(NameOf(fact.object));
      if (fact.kind == "extension" && !Contains(kPlainExtensions, NameOf(fact.object))) {
        may_have_other_functions_ = true;
      }
      if (fact.property == "language" && (fact.value == "sql" || fact.value == "plpgsql")) {
        readable_.insert(fact.object);
      }
    }
  }

  std::vector<Requirement> Run() && {
    for (const ObjectProperty& fact : snapshot_) {
      ByRule(fact);
      ByText(fact);
      ByPlace(fact);
    }
    return std::move(found_);
  }

 private:
  static std::string NameOf(const std::string& object) { return PartsOf(object).back(); }

  void Add(const ObjectProperty& fact, const sql::Feature& feature) {
    Requirement found{std::string(feature.name), fmt::format("{} {}", fact.kind, fact.object),
                      feature.since};
    if (std::find(found_.begin(), found_.end(), found) == found_.end()) {
      found_.push_back(std::move(found));
    }
  }

  void ByRule(const ObjectProperty& fact) {
    for (const Rule& rule : kRules) {
      if (Fits(rule, fact)) Add(fact, rule.feature);
    }
    if (fact.property.find("grant to ") != std::string::npos &&
        fact.value.find("MAINTAIN") != std::string::npos) {
      Add(fact, {"the right MAINTAIN", 17});
    }
    if (fact.kind == "publication" && fact.property.starts_with("table ") &&
        fact.value != "all columns") {
      Add(fact, {"publications of columns or rows", 15});
    }
    if (fact.kind == "view" && fact.property == "options" &&
        fact.value.find("security_invoker") != std::string::npos) {
      Add(fact, {"security_invoker views", 15});
    }
    if (fact.kind.ends_with("default privileges") && fact.object.find("large objects") == 0) {
      Add(fact, {"default privileges on large objects", 18});
    }
  }

  void ByText(const ObjectProperty& fact) {
    const bool type = Contains(kTypes, fact.property);
    if (type && sql::HasMultirange(fact.value)) Add(fact, {"multirange types", 14});
    if (type && HasOddScale(fact.value)) Add(fact, {"numeric with such a scale", 15});
    if (fact.kind == "procedure" && fact.property == "arguments") ByProcedure(fact);
    const bool source = fact.property == "source" && readable_.contains(fact.object);
    if (!source && !Contains(kDefinitions, fact.property)) return;
    for (const sql::Feature& feature : sql::FeaturesOfDefinition(fact.value)) Add(fact, feature);
    // Code may ask for the version before it calls something.
    if (!source && !may_have_other_functions_) ByFunctions(fact);
  }

  void ByProcedure(const ObjectProperty& fact) {
    const std::vector<sql::Token> tokens = sql::Tokenize(fact.value);
    const sql::TokenReader reader(fact.value, tokens.data(), tokens.data() + tokens.size());
    if (reader.Has("out")) Add(fact, {"procedures with OUT parameters", 14});
  }

  void ByFunctions(const ObjectProperty& fact) {
    for (const sql::Feature& feature : sql::FunctionsOfDefinition(fact.value)) {
      const std::string name = ToLowerAscii(feature.name.substr(0, feature.name.find('(')));
      if (!own_functions_.contains(name)) Add(fact, feature);
    }
  }

  void ByPlace(const ObjectProperty& fact) {
    const std::string parent = PlaceOf(fact.kind, fact.object).parent;
    if (fact.property == "identity" && partitions_.contains(parent)) {
      Add(fact, {"identity columns of partitions", 17});
    }
    if (!partitioned_.contains(parent.empty() ? fact.object : parent)) return;
    if (fact.property == "access method") {
      Add(fact, {"access methods of partitioned tables", 17});
    }
    if (fact.kind != "constraint" || fact.property != "definition") return;
    if (fact.value.starts_with("EXCLUDE ")) {
      Add(fact, {"EXCLUDE constraints of partitioned tables", 17});
    }
    if (fact.value.starts_with("FOREIGN KEY ") && fact.value.ends_with(" NOT VALID")) {
      Add(fact, {"foreign keys of partitioned tables that are NOT VALID", 18});
    }
  }

  const Snapshot& snapshot_;
  std::set<std::string> partitioned_;  // tables
  std::set<std::string> partitions_;
  std::set<std::string> own_functions_;  // raw names
  std::set<std::string> readable_;       // functions whose source is SQL in words
  bool may_have_other_functions_ = false;
  std::vector<Requirement> found_;
};

}  // namespace

std::vector<Requirement> RequirementsOf(const Snapshot& snapshot) {
  return Finder(snapshot).Run();
}

}  // namespace ballast::catalog
