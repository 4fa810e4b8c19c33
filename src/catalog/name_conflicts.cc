// SPDX-License-Identifier: Apache-2.0
#include "catalog/name_conflicts.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "catalog/managed_comparison.h"
#include "catalog/object_identity.h"

namespace ballast::catalog {
namespace {

struct ObjectInSnapshot {
  std::string kind;
  std::string identity;
  std::map<std::string, std::string, std::less<>> properties;

  std::string Description() const { return kind + " " + identity; }
};

std::vector<ObjectInSnapshot> ObjectsIn(const Snapshot& snapshot) {
  std::map<std::pair<std::string_view, std::string_view>, size_t> places;
  std::vector<ObjectInSnapshot> objects;
  for (const ObjectProperty& item : snapshot) {
    const auto [place, added] = places.try_emplace({item.kind, item.object}, objects.size());
    if (added) objects.push_back({item.kind, item.object, {}});
    objects[place->second].properties[item.property] = item.value;
  }
  return objects;
}

using NameInSpace = std::tuple<std::string, std::string, std::string>;  // namespace, schema, name

bool In(const auto& kinds, std::string_view kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool HasIndex(const ObjectInSnapshot& constraint) {
  const auto found = constraint.properties.find("definition");
  if (found == constraint.properties.end()) return false;
  const std::string& text = found->second;
  return text.starts_with("PRIMARY KEY") || text.starts_with("UNIQUE") ||
         text.starts_with("EXCLUDE");
}

// PostgreSQL manual, CREATE TYPE: the name of the multirange type if none is given.
std::string MultirangeOf(const std::string& range) {
  const size_t at = range.find("range");
  return at == range.npos ? range + "_multirange"
                          : range.substr(0, at) + "multi" + range.substr(at);
}

std::vector<NameInSpace> NamesOf(const ObjectInSnapshot& object) {
  static constexpr std::array<std::string_view, 5> kWithType = {
      "table", "view", "materialized view", "foreign table", "composite type"};
  static constexpr std::array<std::string_view, 4> kTypes = {"enum", "domain", "range type",
                                                             "base type"};
  static constexpr std::array<std::string_view, 3> kRoutines = {"function", "procedure",
                                                                "aggregate"};
  const std::string& kind = object.kind;
  const ObjectPlace place = PlaceOf(kind, object.identity);
  const std::string& schema = place.schema;
  const std::string name = PartsOf(object.identity).back();
  if (kind == "constraint" && HasIndex(object)) return {{"relation", schema, name}};
  if (place.global || kind == "schema" || !place.parent.empty()) return {};
  if (In(kWithType, kind)) return {{"relation", schema, name}, {"type", schema, name}};
  if (kind == "index" || kind == "sequence") return {{"relation", schema, name}};
  std::vector<NameInSpace> names;
  if (In(kTypes, kind)) names.emplace_back("type", schema, name);
  if (kind == "range type" && !object.properties.contains("multirange")) {
    names.emplace_back("type", schema, MultirangeOf(name));
  }
  if (names.empty())
    names.emplace_back(In(kRoutines, kind) ? "routine" : kind, "", object.identity);
  return names;
}

// The identity of the table that the object is a part of.
std::string OwnerIn(const ObjectInSnapshot& object) {
  std::string parent = PlaceOf(object.kind, object.identity).parent;
  if (!parent.empty()) return parent;
  const auto table = object.properties.find("table");
  if (table != object.properties.end()) return table->second;
  const auto column = object.properties.find("owned by");
  return column == object.properties.end() ? "" : PlaceOf("column", column->second).parent;
}

bool FollowsOthers(const ObjectInSnapshot& object) {
  return object.properties.contains("partition of") || object.properties.contains("inherits");
}

bool IsOfObject(const Difference& difference, const ObjectInSnapshot& object) {
  if (difference.kind == object.kind) return difference.identity == object.identity;
  return (difference.kind == "column" || difference.kind == "constraint") &&
         PlaceOf(difference.kind, difference.identity).parent == object.identity;
}

// What differs in objects of one kind and name, read once they are found.
class Differences {
 public:
  Differences(const Snapshot& expected, const Snapshot& live) : expected_(expected), live_(live) {}

  std::vector<Difference> Of(const ObjectInSnapshot& object, const ObjectInSnapshot& live) {
    std::vector<Difference> found;
    if (FollowsOthers(object) || FollowsOthers(live)) return found;
    if (!drift_) drift_ = CompareManaged(expected_, live_, {}).drift;
    std::copy_if(drift_->begin(), drift_->end(), std::back_inserter(found),
                 [&](const Difference& difference) { return IsOfObject(difference, object); });
    return found;
  }

 private:
  const Snapshot& expected_;
  const Snapshot& live_;
  std::optional<std::vector<Difference>> drift_;
};

}  // namespace

std::vector<NameConflict> FindNameConflicts(const Snapshot& expected, const Snapshot& live) {
  const std::vector<ObjectInSnapshot> existing = ObjectsIn(live);
  std::map<NameInSpace, const ObjectInSnapshot*> taken;
  for (const ObjectInSnapshot& object : existing) {
    for (NameInSpace& name : NamesOf(object)) taken.try_emplace(std::move(name), &object);
  }
  std::map<std::string, NameConflict> found;  // by description of the live object
  Differences differences(expected, live);
  for (const ObjectInSnapshot& object : ObjectsIn(expected)) {
    for (const NameInSpace& name : NamesOf(object)) {
      const auto at = taken.find(name);
      if (at == taken.end()) continue;
      const ObjectInSnapshot& other = *at->second;
      const std::string& space = std::get<0>(name);
      const bool plain = space == "relation" || space == "type";
      const auto [place, added] = found.try_emplace(
          other.Description(),
          NameConflict{object.Description(), other.Description(),
                       plain ? std::get<2>(name) : PartsOf(object.identity).back(), OwnerIn(other),
                       object.Description() == other.Description()});
      NameConflict& conflict = place->second;
      if (!added || !conflict.same_object) continue;
      conflict.differences = differences.Of(object, other);
      conflict.as_expected =
          conflict.differences.empty() && !FollowsOthers(object) && !FollowsOthers(other);
    }
  }
  std::vector<NameConflict> conflicts;
  conflicts.reserve(found.size());
  for (auto& [description, conflict] : found) conflicts.push_back(std::move(conflict));
  return conflicts;
}

std::vector<std::string> ConflictingNames(const Snapshot& expected, const Snapshot& live) {
  std::vector<std::string> names;
  for (NameConflict& conflict : FindNameConflicts(expected, live)) {
    names.push_back(std::move(conflict.live));
  }
  return names;
}

}  // namespace ballast::catalog
