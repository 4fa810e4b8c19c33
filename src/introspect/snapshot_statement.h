// SPDX-License-Identifier: Apache-2.0
// The two halves of the snapshot query, for other queries over the same objects.
#pragma once

#include <string>

#include "catalog/snapshot.h"

namespace ballast::introspect {

struct SnapshotStatement {
  // WITH RECURSIVE … without a final comma. Its expressions include `o`, every object in scope
  // (class, oid, kind, object …), and each part of it by its name; `columns`; `s`, the schemas;
  // `x`, members of extensions (classid, objid).
  std::string with;
  std::string snapshot;  // SELECT of (kind, object, property, value, wording)
};

SnapshotStatement WriteSnapshotStatement(int server_major, const catalog::Scope& scope);

}  // namespace ballast::introspect
