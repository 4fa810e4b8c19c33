// SPDX-License-Identifier: Apache-2.0
// Compares the catalog with the proven one before the commit: in the server as part of the message,
// or here if the server's version prints some definitions differently.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/managed_comparison.h"
#include "catalog/snapshot.h"
#include "introspect/outside_dependents.h"
#include "plan/plan.h"
#include "postgres/session.h"

namespace ballast::apply {

// The schema to use as search_path, so that names are as in the record. It is the target schema,
// unless the record names that schema as a further one (with ?schema=app, if the migrations create
// "app"): then its objects have qualified names.
std::string SearchPathSchema(const release::FingerprintRecord& record, const std::string& schema);

// The live catalog, seen from that schema, without the migrations table of `schema`.
Result<catalog::Snapshot> ReadLive(postgres::Session& session,
                                   const release::FingerprintRecord& record,
                                   const std::string& schema, const catalog::Scope& scope,
                                   const std::vector<std::string>& extensions = {});

// Who compares the catalog with the proven one. assess::Assessment has it for a deploy; only the
// compiler then asks ComparerOf, for each comparison of the plan.
enum class Comparer {
  // The server, by its own hash, inside its transaction; ballast, object by object, if the server
  // finds a difference.
  kServerFirst,
  // Only the server, because the catalog was not compared before the run. A difference that it
  // finds is not named, and an object of a kind that the proven database lacks counts as one.
  kServerOnly,
  // Only ballast: the database has more than the proven state (additions, allowed drift), so the
  // server's hash cannot be the proven one.
  kBallast
};
// The comparer of this record on this server: kBallast if the server's own hash cannot be compared
// with the recorded one, because its version prints some definitions differently.
Comparer ComparerOf(const release::FingerprintRecord& record, int server_major, Comparer requested);

// The proven snapshot of a fingerprint; null if it is not known.
using ExpectedSnapshot =
    std::function<Result<catalog::SharedSnapshot>(const std::string& fingerprint)>;

// The database before the deploy, and what may differ from the proven state.
struct LiveStateBefore {
  catalog::SharedSnapshot proven;  // of the state that it was in; null: not known
  catalog::Snapshot live;
  // Which object of `live` has which name; empty: not read, because nothing of it can have moved.
  catalog::ObjectIdentities identities;
  catalog::Scope scope;                 // the scope of `live`
  std::vector<std::string> extensions;  // introspect::MovableExtensions of the proven states
  catalog::ComparisonRules rules;
  std::vector<introspect::OutsideDependent> outside;  // on objects of the scope
  // Additions to objects that exist afterwards must exist, too (repair and rollback).
  bool keep_additions = false;
};

// Reads `live` in the scope of these proven states together, and `extensions` from the first of
// them. Without states: in the scope of the record. The caller sets the other members.
Result<LiveStateBefore> ReadLiveBefore(postgres::Session& session,
                                       const release::FingerprintRecord& record,
                                       const std::string& schema,
                                       const std::vector<const catalog::Snapshot*>& states);

// Reads `identities` of a live state that has been read.
Status ReadIdentities(postgres::Session& session, const release::FingerprintRecord& record,
                      const std::string& schema, LiveStateBefore& before);

// SQL for inside a transaction: returns one row (catalog, layout) or fails with the error of
// IsMismatch. `only_proven_kinds`: faster; an object of a kind that the proven database lacks makes
// it fail, even one that does not matter.
std::string CompareSql(const plan::VerifyCatalog& verify, int server_major,
                       const std::string& schema, bool only_proven_kinds = false);
// The fingerprint that corresponds to the server's own hash of a live catalog: the record's if the
// hash is the recorded one, else empty.
std::string CatalogOf(const release::FingerprintRecord& record, const std::string& live_objects);
// Whether this error is the "not equal" of CompareSql.
bool IsMismatch(const postgres::ServerError& error);

// Whether an error is plan::LossOfAdditions.
bool IsLossOfAdditions(const Error& error);

// Compares inside the transaction, after the scripts. B503 names the objects that differ from the
// proven state and did not differ before or, without `before`, all that differ. B511 names the
// additions that `keep_additions` refuses to lose.
struct LiveCatalog {
  std::string fingerprint;  // the proven one if nothing differs but additions
  std::string layout;
  // Descriptions of differences that remain: accepted drift, and what `ignore` matches.
  std::vector<std::string> accepted;
  std::vector<std::string> ignored;
  catalog::LostAdditions lost;
  // Sentences about additions that the deploy has changed; and the names of those that it has not
  // left alone.
  std::vector<std::string> changed_additions = {};
  std::vector<std::string> no_longer_additions = {};
};
Result<LiveCatalog> CompareHere(const plan::VerifyCatalog& verify, const std::string& schema,
                                postgres::Session& session, const ExpectedSnapshot& expected,
                                const LiveStateBefore* before = nullptr);

// The same after scripts whose result nothing has proven: `accepted` and `ignored` have what
// differed from the proven state before and still does so, `lost` and the members about additions
// what the scripts have changed. `before.proven` must be known.
Result<LiveCatalog> CompareAdditions(const std::string& schema, postgres::Session& session,
                                     const LiveStateBefore& before);

}  // namespace ballast::apply
