// SPDX-License-Identifier: Apache-2.0
// Reads what a database means, in one round trip.
#pragma once

#include <string>

#include "base/result.h"
#include "catalog/snapshot.h"
#include "postgres/session.h"

namespace ballast::introspect {

struct ReadSnapshotResult {
  // In the wording that is the same on every server version: for comparing across versions.
  catalog::Snapshot snapshot;
  // As this server words them: FingerprintQuery hashes these. They tell a little more apart than
  // the canonical ones (sql/canonical.h), so two databases on servers of one version are compared
  // by them.
  catalog::Snapshot raw;
  // Whether any text was one that versions may print differently; if not, facts equals raw, and the
  // server's own fingerprint holds on every version.
  bool any_sensitive = false;
};

// The session's search_path must be exactly the target schema; jit should be off (planning a
// statement of this size with it is slow). B605 when the server is older than 13; otherwise the
// errors of Session::Query.
Result<ReadSnapshotResult> ReadSnapshot(postgres::Session& session, const catalog::Scope& scope);

}  // namespace ballast::introspect
