// SPDX-License-Identifier: Apache-2.0
// Indexes and extended statistics on a column that gets another type: the server creates them
// again, without some of their properties. Only for this folder.
#pragma once

#include <set>

#include "difference/database_definitions.h"

namespace ballast::difference {

class RetypedObjects {
 public:
  // `side` must outlive it.
  explicit RetypedObjects(const DatabaseDefinitions& side);

  // Whether the server keeps the object with all of its properties, or rebuilds it with them. If
  // not, it has to be dropped before the change and created afterwards.
  bool Survives(size_t definition) const;

 private:
  catalog::ObjectId RootOf(const catalog::IndexObject& index) const;
  bool DiffersFromParent(const catalog::IndexObject& index,
                         const catalog::IndexObject& parent) const;
  std::string CommentOf(catalog::ObjectId index) const;

  const DatabaseDefinitions& side_;
  std::map<catalog::ObjectId, const catalog::IndexObject*> indexes_;
  std::map<catalog::ObjectId, std::string> comments_;
  std::set<catalog::ObjectId> marked_;  // indexes that a table is clustered on or identified by
  // Indexes of partitioned tables of which a partition's index has a property of its own: the
  // server creates those of the partitions from the one of the table.
  std::set<catalog::ObjectId> with_own_properties_;
};

}  // namespace ballast::difference
