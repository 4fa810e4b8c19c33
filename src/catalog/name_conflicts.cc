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
#include "catalog/snapshot_objects.h"
#include "sql/constraint_kind.h"

namespace ballast::catalog {
namespace {

using ObjectInSnapshot = SnapshotObjects::Objects::value_type;

using NameInSpace = std::tuple<std::string, std::string, std::string>;  // namespace, schema, name

bool In(const auto& kinds, std::string_view kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool HasIndex(const PropertyValues& constraint) {
  const auto definition = constraint.find("definition");
  return definition != constraint.end() && sql::HasIndex(sql::ConstraintKindOf(definition->second));
}

// PostgreSQL manual, CREATE TYPE: the name of the multirange type if none is given.
std::string MultirangeOf(const std::string& range) {
  const size_t at = range.find("range");
  return at == range.npos ? range + "_multirange"
                          : range.substr(0, at) + "multi" + range.substr(at);
}

std::vector<NameInSpace> NamesOf(const ObjectInSnapshot& object) {
  const auto& [key, properties] = object;
  const auto& [kind, identity] = key;
  static constexpr std::array<std::string_view, 5> kWithType = {
      "table", "view", "materialized view", "foreign table", "composite type"};
  static constexpr std::array<std::string_view, 4> kTypes = {"enum", "domain", "range type",
                                                             "base type"};
  const ObjectPlace place = PlaceOf(kind, identity);
  const std::string& schema = place.schema;
  const std::string name = LastNameOf(identity);
  if (kind == "constraint" && HasIndex(properties)) return {{"relation", schema, name}};
  if (place.global || kind == "schema" || !place.parent.empty()) return {};
  if (In(kWithType, kind)) return {{"relation", schema, name}, {"type", schema, name}};
  if (kind == "index" || kind == "sequence") return {{"relation", schema, name}};
  std::vector<NameInSpace> names;
  if (In(kTypes, kind)) names.emplace_back("type", schema, name);
  if (kind == "range type" && !properties.contains("multirange")) {
    names.emplace_back("type", schema, MultirangeOf(name));
  }
  if (names.empty()) names.emplace_back(IsRoutineKind(kind) ? "routine" : kind, "", identity);
  return names;
}

bool IsOfObject(const Difference& difference, const ObjectKey& object) {
  if (difference.kind == object.first) return difference.identity == object.second;
  return (difference.kind == "column" || difference.kind == "constraint") &&
         PlaceOf(difference.kind, difference.identity).parent == object.second;
}

// What differs in objects of one kind and name, read once they are found.
class Differences {
 public:
  Differences(const Snapshot& expected, const Snapshot& live) : expected_(expected), live_(live) {}

  std::vector<Difference> Of(const ObjectInSnapshot& object, const ObjectInSnapshot& live) {
    std::vector<Difference> found;
    if (IsChildTable(object.second) || IsChildTable(live.second)) return found;
    if (!drift_) drift_ = CompareManaged(expected_, live_, {}).drift;
    std::copy_if(
        drift_->begin(), drift_->end(), std::back_inserter(found),
        [&](const Difference& difference) { return IsOfObject(difference, object.first); });
    return found;
  }

 private:
  const Snapshot& expected_;
  const Snapshot& live_;
  std::optional<std::vector<Difference>> drift_;
};

}  // namespace

std::vector<NameConflict> FindNameConflicts(const Snapshot& expected, const Snapshot& live) {
  const SnapshotObjects existing(live);
  std::map<NameInSpace, const ObjectInSnapshot*> taken;
  for (const ObjectInSnapshot& object : existing) {
    for (NameInSpace& name : NamesOf(object)) taken.try_emplace(std::move(name), &object);
  }
  std::map<std::string, NameConflict> found;  // by description of the live object
  Differences differences(expected, live);
  for (const ObjectInSnapshot& object : SnapshotObjects(expected)) {
    for (const NameInSpace& name : NamesOf(object)) {
      const auto at = taken.find(name);
      if (at == taken.end()) continue;
      const auto& [other, properties] = *at->second;
      const std::string& space = std::get<0>(name);
      const bool plain = space == "relation" || space == "type";
      const auto [place, added] = found.try_emplace(
          DescriptionOf(other),
          NameConflict{object.first, other,
                       plain ? std::get<2>(name) : LastNameOf(object.first.second),
                       ParentOf(other.first, other.second, properties)});
      NameConflict& conflict = place->second;
      if (!added || !conflict.IsSameObject()) continue;
      conflict.differences = differences.Of(object, *at->second);
      conflict.as_expected =
          conflict.differences.empty() && !IsChildTable(object.second) && !IsChildTable(properties);
    }
  }
  std::vector<NameConflict> conflicts;
  conflicts.reserve(found.size());
  for (auto& [description, conflict] : found) conflicts.push_back(std::move(conflict));
  return conflicts;
}

std::vector<std::string> ConflictingNames(const Snapshot& expected, const Snapshot& live) {
  std::vector<std::string> names;
  for (const NameConflict& conflict : FindNameConflicts(expected, live)) {
    names.push_back(DescriptionOf(conflict.live));
  }
  return names;
}

}  // namespace ballast::catalog
