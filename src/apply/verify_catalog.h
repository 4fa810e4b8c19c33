// SPDX-License-Identifier: Apache-2.0
// The comparison with the proven catalog, before the commit: by the server itself inside the
// message, or, where its version prints some definitions differently, here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/managed_comparison.h"
#include "catalog/snapshot.h"
#include "plan/plan.h"
#include "postgres/session.h"

namespace ballast::apply {

catalog::Scope ScopeOf(const release::FingerprintRecord& record);

// The schema to look from, so that names are as in the record. It is the target schema, but for one
// that the record names as a further schema (?schema=app, and the history makes "app"): its objects
// have their qualified names there.
std::string LookedFrom(const release::FingerprintRecord& record, const std::string& schema);

// The live catalog, looked at as above, without the migrations table of `schema`.
Result<catalog::Snapshot> ReadLive(postgres::Session& session,
                                   const release::FingerprintRecord& record,
                                   const std::string& schema, const catalog::Scope& scope,
                                   const std::vector<std::string>& extensions = {});

// Whether the server's own hash is comparable with the recorded one.
bool ServerCanCompare(const release::FingerprintRecord& record, int server_major);

using ExpectedSnapshot = std::function<Result<catalog::Snapshot>(const std::string& fingerprint)>;

// A database as it was before the deploy, and what may differ from the proven state.
struct LiveStateBefore {
  std::optional<catalog::Snapshot> proven;  // of the state that it was in, where that is known
  catalog::Snapshot live;
  catalog::Scope scope;                 // in which `live` was read
  std::vector<std::string> extensions;  // introspect::MovableExtensions of the proven states
  catalog::ComparisonRules rules;
};

// SQL for inside a transaction: gives one row (catalog, layout) or fails with IsVerdict's error.
std::string CompareSql(const plan::VerifyCatalog& verify, int server_major,
                       const std::string& schema);
// The fingerprint that the server's own hash of a live catalog proves it to have: the record's,
// whose two hashes were made of one catalog; empty for any other hash.
std::string CatalogOf(const release::FingerprintRecord& record, const std::string& live_objects);
// Whether this error is CompareSql's own "not equal".
bool IsVerdict(const postgres::ServerError& error);

// The session stands inside the transaction, after the scripts. B503 names the objects that differ
// from the proven state and did not differ before, or, without `before`, all that differ.
struct LiveCatalog {
  std::string fingerprint;
  std::string layout;
  std::vector<std::string> lost;  // additions that went with what they belonged to, by name
};
Result<LiveCatalog> CompareHere(const plan::VerifyCatalog& verify, const std::string& schema,
                                postgres::Session& session, const ExpectedSnapshot& expected,
                                const LiveStateBefore* before = nullptr);

}  // namespace ballast::apply
