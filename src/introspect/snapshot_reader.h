// SPDX-License-Identifier: Apache-2.0
// Reads what a database means, in one round trip.
#pragma once

#include <string>

#include "base/result.h"
#include "catalog/snapshot.h"
#include "postgres/session.h"

namespace ballast::introspect {

struct ReadSnapshotResult {
  // In the one wording (sql/canonical.h): the same on every server version, and for a database
  // whose texts were read again, as from a dump. What is compared and kept.
  catalog::Snapshot snapshot;
  // As this server words them: FingerprintQuery hashes these.
  catalog::Snapshot raw;
  // Whether any text was one that versions may print differently; if not, the server's own
  // fingerprint holds on every version.
  bool any_sensitive = false;
};

// The session's search_path must be exactly the target schema; jit should be off (planning a
// statement of this size with it is slow). B605 when the server is older than 13; otherwise the
// errors of Session::Query.
//
// `first`: SQL that is sent before the query, in the same message; outside of a transaction the
// message is one.
Result<ReadSnapshotResult> ReadSnapshot(postgres::Session& session, const catalog::Scope& scope,
                                        const std::string& first = {});

}  // namespace ballast::introspect
