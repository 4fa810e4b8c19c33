// SPDX-License-Identifier: Apache-2.0
// The query of facts in its two halves, for those who ask something else of the same objects.
#pragma once

#include <string>

#include "catalog/snapshot.h"

namespace ballast::introspect {

struct SnapshotStatement {
  // WITH RECURSIVE … without a comma at its end. Among its expressions: `o`, every object in scope
  // (class, oid, kind, object …); `columns`; `x`, what extensions brought (classid, objid).
  std::string with;
  std::string snapshot;  // the select of (kind, object, property, value, wording)
};

SnapshotStatement WriteSnapshotStatement(int server_major, const catalog::Scope& scope);

}  // namespace ballast::introspect
