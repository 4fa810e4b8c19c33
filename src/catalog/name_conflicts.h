// SPDX-License-Identifier: Apache-2.0
// Objects that cannot exist together because they have one name in one namespace of the server:
// relations and the indexes of constraints; types, also those of rows and the multirange types that
// the server makes; routines of one signature; and for any other kind, the objects of that kind.
#pragma once

#include <string>
#include <vector>

#include "catalog/object_identity.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

struct NameConflict {
  ObjectKey expected;  // constraint "T5"."T5_pkey"
  ObjectKey live;      // constraint z."T5_pkey"
  std::string name;    // the last part of the name, raw; of a routine: its name
  std::string parent;  // ParentOf the live object (snapshot_objects.h)
  // If it is the same object: in what the live one, or a column or constraint of it, is not as
  // expected. Empty for a child table: a statement on its parents changes it, too.
  std::vector<Difference> differences = {};
  // Then: it is as expected in all of that, so that it serves as the expected one.
  bool as_expected = false;

  // Both have the same kind and identity, so that the live object can serve as the expected one.
  bool IsSameObject() const { return expected == live; }
};

// By description of the live object. Objects of the database itself, schemas, and parts of
// relations other than constraints are left out.
std::vector<NameConflict> FindNameConflicts(const Snapshot& expected, const Snapshot& live);

// Before a fresh deploy: the descriptions of the live objects in conflict.
std::vector<std::string> ConflictingNames(const Snapshot& expected, const Snapshot& live);

}  // namespace ballast::catalog
