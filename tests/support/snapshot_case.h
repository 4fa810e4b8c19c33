// SPDX-License-Identifier: Apache-2.0
// A change of a database, and the differences that the snapshots must have.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "introspect/snapshot_reader.h"
#include "tests/support/test_server.h"

namespace ballast::testing {

struct SnapshotCase {
  const char* title;
  int since;           // the first major that has the feature
  const char* setup;   // what is there before
  const char* change;  // what makes the difference
  const char*
      expected;  // the differences with layout, a line each, as catalog::Describe describes them
};

// Runs each case in a transaction that is rolled back: the snapshots before and after must differ
// in just what is expected, with unequal fingerprints and unequal hashes of the server's own. On
// the newest major also: reading in the scope of the snapshot gives the same snapshot and hashes,
// and nothing is unsupported.
void RunSnapshotCases(TestDatabase& db, std::span<const SnapshotCase> cases);

// The snapshot of a session, or a failed test. Sets search_path to that schema.
introspect::ReadSnapshotResult SnapshotOf(postgres::Session& session,
                                          const std::string& schema = "public",
                                          const catalog::Scope& scope = {});

// The differences of two snapshots, with layout, a line each.
std::string DifferencesOf(const catalog::Snapshot& a, const catalog::Snapshot& b);

// What FingerprintQuery gives for the schema that the session looks at.
using Hashes = std::vector<postgres::Value>;
Hashes ServerHashesOf(postgres::Session& session, const catalog::Scope& scope = {});

// A script with all kinds of objects, of the features that a major has.
std::string EveryKindScript(int major);

}  // namespace ballast::testing
