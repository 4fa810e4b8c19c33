// SPDX-License-Identifier: Apache-2.0
// What became of objects during a deploy: the same object under another name, or another object
// under the same name. Decided by what a rename does not change (OIDs), never by names.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/object_identity.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

// By OID: what is read from one database at one time (introspect::ReadIdentities). Besides objects
// of snapshots: "attribute" of a composite type, "enum value", and every schema.
using ObjectIdentities = std::map<std::string, ObjectKey>;

class MovedObjects {
 public:
  using Pairs = std::vector<std::pair<ObjectKey, ObjectKey>>;  // before, after

  MovedObjects() = default;
  explicit MovedObjects(Pairs renamed, std::set<ObjectKey> made_again = {});
  // Both read in the same scope.
  MovedObjects(const ObjectIdentities& before, const ObjectIdentities& after);

  // Where the object is afterwards; nullopt if it was dropped and another one has its name. The
  // same key, if nothing is known of it.
  std::optional<ObjectKey> After(const ObjectKey& before) const;
  // The same for an addition: an object of others moves only with what it belongs to (its table,
  // its schema) or with the types of its arguments. One that was renamed itself is no longer there.
  std::optional<ObjectKey> TakenAlong(const ObjectKey& before) const;

  bool empty() const { return after_.empty(); }

  // Whether another table or column has its name afterwards: its rows are lost.
  bool IsMadeAgain(const ObjectKey& key) const { return made_again_.contains(key); }

  // The snapshot of the state before with the keys that its objects have afterwards: those of the
  // release (`is_managed`), and additions that were taken along.
  template <class IsManaged>
  Snapshot Followed(const Snapshot& before, const IsManaged& is_managed) const {
    Snapshot followed;
    for (const ObjectProperty& item : before) {
      const ObjectKey key{item.kind, item.object};
      const auto now = is_managed(key) ? After(key) : TakenAlong(key);
      if (now) followed.push_back({now->first, now->second, item.property, item.value});
    }
    return SortedSnapshot(std::move(followed));
  }

  // Whether the text is the earlier one after the renames: the same words, except that renamed
  // objects have their new names, for which a query has the old ones as aliases (SELECT new AS old
  // FROM renamed t).
  bool IsRenamedText(std::string_view before, std::string_view after) const;

 private:
  bool IsRenamedSchema(const std::string& before, const std::string& after) const;

  std::map<ObjectKey, ObjectKey> after_;  // of those that have another key
  std::set<ObjectKey> taken_;             // the keys that these have now
  std::set<ObjectKey> made_again_;
};

}  // namespace ballast::catalog
