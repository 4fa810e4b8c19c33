// SPDX-License-Identifier: Apache-2.0
#include "catalog/snapshot_objects.h"

#include <algorithm>

namespace ballast::catalog {
namespace {

std::string ValueIn(const PropertyValues& properties, std::string_view property) {
  const auto found = properties.find(property);
  return found == properties.end() ? std::string() : found->second;
}

}  // namespace

SnapshotObjects::SnapshotObjects(const Snapshot& snapshot, LayoutProperties layout) {
  for (const ObjectProperty& item : snapshot) {
    if (layout == LayoutProperties::kLeftOut && item.property == kLayoutProperty) continue;
    if (item.property == kDependsOnProperty) continue;
    objects_[{item.kind, item.object}][item.property] = item.value;
  }
}

const PropertyValues& SnapshotObjects::PropertiesOf(const ObjectKey& key) const {
  static const PropertyValues none;
  const auto found = objects_.find(key);
  return found == objects_.end() ? none : found->second;
}

const std::string* SnapshotObjects::Value(const ObjectKey& key, std::string_view property) const {
  const PropertyValues& properties = PropertiesOf(key);
  const auto found = properties.find(property);
  return found == properties.end() ? nullptr : &found->second;
}

bool SnapshotObjects::HasParent(const std::string& identity) const {
  return std::ranges::any_of(ParentKinds(), [&](std::string_view kind) {
    return Has({std::string(kind), identity});
  });
}

std::string ParentOf(std::string_view kind, std::string_view identity,
                     const PropertyValues& properties) {
  std::string parent = PlaceOf(kind, identity).parent;
  if (parent.empty()) parent = ValueIn(properties, "table");
  if (!parent.empty()) return parent;
  const std::string column = OwningColumn(kind, properties);
  return column.empty() ? column : PlaceOf("column", column).parent;
}

std::string ParentOf(const Difference& difference) {
  return ParentOf(difference.kind, difference.identity, difference.values);
}

std::string OwningColumn(std::string_view kind, const PropertyValues& properties) {
  return kind == "sequence" ? ValueIn(properties, "owned by") : std::string();
}

std::string OwningColumn(const Difference& difference) {
  return OwningColumn(difference.kind, difference.values);
}

bool FollowsParent(const PropertyValues& properties) {
  return IsChildTable(properties) || properties.contains("attached to") ||
         properties.contains("inherited");
}

bool HasForeignEventTrigger(const SnapshotObjects& live, const SnapshotObjects& release) {
  return std::ranges::any_of(live, [&](const auto& object) {
    return object.first.first == "event trigger" && !release.Has(object.first);
  });
}

}  // namespace ballast::catalog
