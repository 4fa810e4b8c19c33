// SPDX-License-Identifier: Apache-2.0
// The objects of a snapshot, each with its properties, and what the properties of an object say
// about it: what it is a part of, and whether it changes with another object.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "catalog/object_identity.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

// Property → value, as in Difference::values.
using PropertyValues = std::map<std::string, std::string, std::less<>>;

// Whether kLayoutProperty is among the properties.
enum class LayoutProperties { kIncluded, kLeftOut };

// Without remarks (kDependsOnProperty).
class SnapshotObjects {
 public:
  using Objects = std::map<ObjectKey, PropertyValues>;

  SnapshotObjects() = default;
  explicit SnapshotObjects(const Snapshot& snapshot,
                           LayoutProperties layout = LayoutProperties::kIncluded);

  Objects::const_iterator begin() const { return objects_.begin(); }
  Objects::const_iterator end() const { return objects_.end(); }

  bool Has(const ObjectKey& key) const { return objects_.contains(key); }
  // Empty if the object does not exist.
  const PropertyValues& PropertiesOf(const ObjectKey& key) const;
  // Null if the object does not exist or does not have the property.
  const std::string* Value(const ObjectKey& key, std::string_view property) const;
  // Whether a relation or a domain has this identity.
  bool HasParent(const std::string& identity) const;

 private:
  Objects objects_;
};

// The identity of the relation or domain that the object is a part of: of a column, a constraint,
// a trigger …, of an index, of extended statistics, and of a sequence that a column owns. Empty if
// it is a part of none.
std::string ParentOf(std::string_view kind, std::string_view identity,
                     const PropertyValues& properties);
std::string ParentOf(const Difference& difference);

// The identity of the column that owns the object, which is a sequence; empty for all others.
std::string OwningColumn(std::string_view kind, const PropertyValues& properties);
std::string OwningColumn(const Difference& difference);

// Whether it is a partition or a child of inheritance: statements on its parents change it, too.
template <class Properties>
bool IsChildTable(const Properties& properties) {
  return properties.contains("partition of") || properties.contains("inherits");
}

// The same, or a column, a constraint or an index that a child table has from its parent.
bool FollowsParent(const PropertyValues& properties);

// Whether `live` has an event trigger that is not part of the release: it can act on all that a
// deploy creates.
bool HasForeignEventTrigger(const SnapshotObjects& live, const SnapshotObjects& release);

}  // namespace ballast::catalog
