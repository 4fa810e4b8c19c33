// SPDX-License-Identifier: Apache-2.0
#include "catalog/taken_names.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "catalog/object_identity.h"

namespace ballast::catalog {
namespace {

// The schema (empty: the target schema) and the name of a relation.
using RelationName = std::vector<std::string>;

struct NamedRelation {
  std::string label;               // "constraint cc.c_pkey"
  std::vector<std::string> table;  // that it belongs to; or empty
};

bool MakesIndex(const std::string& definition) {
  static constexpr std::array<std::string_view, 3> kStarts = {"PRIMARY KEY", "UNIQUE", "EXCLUDE"};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view start) { return definition.starts_with(start); });
}

std::map<RelationName, NamedRelation> RelationsOf(const Snapshot& snapshot) {
  static constexpr std::array<std::string_view, 6> kKinds = {
      "table", "view", "materialized view", "foreign table", "sequence", "index"};
  std::map<RelationName, NamedRelation> relations;
  for (const ObjectProperty& property : snapshot) {
    const std::string label = property.kind + " " + property.object;
    RelationName name = PartsOf(property.object);
    if (std::find(kKinds.begin(), kKinds.end(), property.kind) != kKinds.end()) {
      NamedRelation& relation = relations[name];
      relation.label = label;
      if (property.kind == "index" && property.property == "table") {
        relation.table = PartsOf(property.value);
      }
    } else if (property.kind == "constraint" && property.property == "definition" &&
               name.size() > 1 && MakesIndex(property.value)) {
      const RelationName table(name.begin(), name.end() - 1);
      name.erase(name.end() - 2);
      relations[name] = {label, table};
    }
  }
  return relations;
}

}  // namespace

std::vector<std::string> TakenNames(const Snapshot& proven, const Snapshot& live) {
  const std::map<RelationName, NamedRelation> needed = RelationsOf(proven);
  const std::map<RelationName, NamedRelation> existing = RelationsOf(live);
  std::set<std::string> names;
  for (const auto& [name, relation] : existing) {
    const auto same = needed.find(name);
    if (same == needed.end() || same->second.label == relation.label) continue;
    // What belongs to a table of the proven state changes with it.
    if (!relation.table.empty() && needed.contains(relation.table)) continue;
    names.insert(relation.label);
  }
  return {names.begin(), names.end()};
}

}  // namespace ballast::catalog
