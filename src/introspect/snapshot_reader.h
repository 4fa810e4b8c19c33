// SPDX-License-Identifier: Apache-2.0
// Reads a database's snapshot in one round trip.
#pragma once

#include <string>

#include "base/result.h"
#include "catalog/snapshot.h"
#include "postgres/session.h"

namespace ballast::introspect {

struct ReadSnapshotResult {
  // In canonical form (sql/canonical.h): equal on every server version, and for a database restored
  // from a dump. This form is compared and stored.
  catalog::Snapshot snapshot;
  // As this server prints it; FingerprintQuery hashes this form.
  catalog::Snapshot raw;
  // Whether any text may be printed differently by other versions. If not, the server's own
  // fingerprint is valid on every version.
  bool any_sensitive = false;
};

// search_path must be exactly the target schema; jit should be off (slow for a statement of this
// size). `first` is SQL that is sent before the query in the same message, which is one transaction
// if none is open. B605 if the server is older than 13; otherwise errors as Session::Query.
Result<ReadSnapshotResult> ReadSnapshot(postgres::Session& session, const catalog::Scope& scope,
                                        const std::string& first = {});

}  // namespace ballast::introspect
