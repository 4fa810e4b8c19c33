// SPDX-License-Identifier: Apache-2.0
#include "apply/verify_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "base/sqlstate.h"
#include "base/text.h"
#include "catalog/changed_additions.h"
#include "catalog/dated_partitions.h"
#include "introspect/live_snapshot.h"
#include "introspect/snapshot_query.h"
#include "introspect/snapshot_reader.h"
#include "plan/change.h"
#include "plan/unexpected_roles.h"
#include "sql/quote.h"

namespace ballast::apply {
namespace {

constexpr std::string_view kMismatch = "ballast: the catalog is ";

// Snapshots are read with only the target schema on the search_path, so that its objects are
// unqualified.
std::string SetSearchPathFor(const std::string& schema) {
  return "SET LOCAL jit = off;\nSET LOCAL search_path = " + sql::QuoteIdentifier(schema) + ";\n";
}

Error Differs(const std::string& expected, const std::string& actual,
              const std::vector<catalog::Difference>& differences) {
  Error error = MakeError(
      ErrorCode::kDrift,
      fmt::format("the resulting catalog is {}, not the proven {}{}", actual.substr(0, 12),
                  expected.substr(0, 12),
                  differences.empty() ? "" : ": " + Counted(differences.size(), "difference")),
      plan::RemedyOfUnexpectedRoles(differences));
  for (std::string& sentence : catalog::DescribeAll(differences)) {
    error.details.emplace_back("object", std::move(sentence));
  }
  if (const std::string line = catalog::IgnoreLineFor(differences); !line.empty()) {
    error.hint =
        "what depends on the clock or on random values is different in each database: add this to "
        "ballast.toml: " +
        line;
  }
  return error;
}

}  // namespace

bool IsLossOfAdditions(const Error& error) {
  return !error.Detail(plan::kLosesAdditions).empty();
}

std::string SearchPathSchema(const release::FingerprintRecord& record, const std::string& schema) {
  const auto& further = record.scope.schemas;
  return std::find(further.begin(), further.end(), schema) == further.end() ? schema : "public";
}

Result<catalog::Snapshot> ReadLive(postgres::Session& session,
                                   const release::FingerprintRecord& record,
                                   const std::string& schema, const catalog::Scope& scope,
                                   const std::vector<std::string>& extensions) {
  const std::string from = SearchPathSchema(record, schema);
  TRY_ASSIGN(catalog::Snapshot live,
             introspect::ReadLiveSnapshot(session, from, scope, extensions));
  if (from != schema) introspect::LeaveOutMigrationsTable(schema, live);
  return live;
}

Result<LiveStateBefore> ReadLiveBefore(postgres::Session& session,
                                       const release::FingerprintRecord& record,
                                       const std::string& schema,
                                       const std::vector<const catalog::Snapshot*>& states) {
  LiveStateBefore before;
  before.scope = record.scope;
  if (!states.empty()) {
    before.scope = introspect::LivingScope(states);
    before.scope.vocabulary = record.scope.vocabulary;
    before.extensions = introspect::MovableExtensions(*states.front());
  }
  TRY_ASSIGN(before.live, ReadLive(session, record, schema, before.scope, before.extensions));
  return before;
}

Status ReadIdentities(postgres::Session& session, const release::FingerprintRecord& record,
                      const std::string& schema, LiveStateBefore& before) {
  TRY_ASSIGN(before.identities,
             introspect::ReadIdentities(session, SearchPathSchema(record, schema), before.scope,
                                        before.extensions));
  return {};
}

Comparer ComparerOf(const release::FingerprintRecord& record, int server_major,
                    Comparer requested) {
  const bool comparable =
      !record.server_objects.empty() && (record.any_server || record.server_major == server_major);
  return comparable ? requested : Comparer::kBallast;
}

std::string CompareSql(const plan::VerifyCatalog& verify, int server_major,
                       const std::string& schema, bool only_proven_kinds) {
  const release::FingerprintRecord& expected = verify.expected();
  std::string equal = "f.catalog = " + sql::QuoteLiteral(expected.server_objects);
  if (verify.with_layout) {
    equal += " AND f.layout = " + sql::QuoteLiteral(expected.server_objects_layout);
  }
  // A fresh database has the optional kinds of the proven one. Other databases can have more, and
  // hashing again would require running the scripts again.
  const std::string query =
      verify.with_layout || only_proven_kinds
          ? introspect::FingerprintQuery(server_major, expected.scope, expected.families)
          : introspect::FingerprintQuery(server_major, expected.scope);
  return SetSearchPathFor(SearchPathSchema(expected, schema)) +
         introspect::IsolatedMessage(fmt::format(
             "SELECT CASE WHEN {} AND NOT f.others THEN f.catalog\n"
             "  ELSE ({} || f.catalog)::integer::text END AS ballast_catalog, f.layout\n"
             "  FROM ({}) AS f(catalog, layout, others)",
             equal, sql::QuoteLiteral(kMismatch), query));
}

std::string CatalogOf(const release::FingerprintRecord& record, const std::string& live_objects) {
  return live_objects == record.server_objects ? record.catalog : std::string();
}

bool IsMismatch(const postgres::ServerError& error) {
  return error.sqlstate == sqlstate::kInvalidTextRepresentation &&
         error.message.find(kMismatch) != std::string::npos;
}

namespace {

bool HasObject(const catalog::Snapshot& snapshot, const catalog::Difference& difference) {
  return std::ranges::any_of(snapshot, [&](const catalog::ObjectProperty& item) {
    return item.kind == difference.kind && item.object == difference.identity;
  });
}

// What helps where the state before is known. Additions can have taken the place of those
// that the scripts would have made (IF NOT EXISTS), and drift that was accepted can be passed on.
std::string RemedyOf(const std::vector<catalog::Difference>& differences,
                     const LiveStateBefore& before) {
  std::vector<std::string> others;
  for (const catalog::Difference& difference : differences) {
    const bool was = HasObject(before.live, difference);
    if (was && before.proven && !HasObject(*before.proven, difference)) {
      others.push_back(difference.object);
    }
  }
  if (!others.empty()) {
    return fmt::format(
        "{} existed before the {} and {} not part of the release: rename or drop {}, then {} again",
        JoinSome(others), before.keep_additions ? "change" : "deploy",
        others.size() == 1 ? "is" : "are", others.size() == 1 ? "it" : "them",
        before.keep_additions ? "run the command" : "deploy");
  }
  if (!before.rules.allow_drift) return {};
  return "the drift that was accepted changes these objects, too: restore it first (ballast repair "
         "--dry-run shows how), then deploy again";
}

Error ChangesOthers(const catalog::ChangedAdditions& additions) {
  const size_t count = additions.changed.size();
  Error error = MakeError(ErrorCode::kDrift,
                          fmt::format("the migrations change {} that {} not part of the release",
                                      Counted(count, "object"), count == 1 ? "is" : "are"),
                          "let the migrations name the objects that they change; to accept these "
                          "changes: ballast deploy --allow-drift");
  for (std::string& sentence : catalog::DescribeChanged(additions)) {
    error.details.emplace_back("object", std::move(sentence));
  }
  return error;
}

// What became of the objects that existed before.
Result<catalog::MovedObjects> FindMoved(postgres::Session& session,
                                        const release::FingerprintRecord& record,
                                        const std::string& schema, const LiveStateBefore& before) {
  if (before.identities.empty()) return catalog::MovedObjects();
  TRY_ASSIGN(const catalog::ObjectIdentities now,
             introspect::ReadIdentities(session, SearchPathSchema(record, schema), before.scope,
                                        before.extensions));
  return catalog::MovedObjects(before.identities, now);
}

// Compares with the proven snapshot, given what existed before the deploy.
Result<LiveCatalog> CompareWithBefore(const plan::VerifyCatalog& verify, const std::string& schema,
                                      postgres::Session& session, const catalog::Snapshot& proven,
                                      const LiveStateBefore& before) {
  TRY_ASSIGN(const catalog::Snapshot live,
             ReadLive(session, verify.expected(), schema, before.scope, before.extensions));
  TRY_ASSIGN(catalog::MovedObjects moved, FindMoved(session, verify.expected(), schema, before));
  catalog::DeployStates states{before.proven.get(), proven,          before.live, live,
                               verify.with_layout,  std::move(moved)};
  const auto differences = catalog::UnprovenChanges(states, before.rules);
  if (!differences.empty()) {
    Error error = Differs(verify.expected().catalog, catalog::Fingerprint(live), differences);
    if (error.hint.empty()) error.hint = RemedyOf(differences, before);
    return error;
  }
  // A repair or a rollback changes what depends on its objects.
  catalog::ChangedAdditions additions;
  if (!before.keep_additions) additions = catalog::FindChangedAdditions(states, before.rules);
  if (!additions.changed.empty() && !before.rules.allow_drift) return ChangesOthers(additions);
  std::vector<std::string> changed = catalog::DescribeChanged(additions);
  for (std::string& one : catalog::DescribeAccepted(additions)) changed.push_back(std::move(one));
  const catalog::ManagedComparison left = catalog::CompareManaged(proven, live, before.rules);
  const bool as_proven = left.drift.empty() && left.ignored.empty();
  LiveCatalog found{as_proven ? verify.expected().catalog : catalog::Fingerprint(live),
                    verify.expected().layout,
                    catalog::DescribeAll(left.drift),
                    catalog::DescribeAll(left.ignored),
                    catalog::FindLostAdditions(states, before.rules),
                    std::move(changed),
                    std::move(additions.names)};
  TRY_ASSIGN(const std::vector<std::string> dropped,
             introspect::FindDropped(session, before.outside));
  found.lost.of_remaining.insert(found.lost.of_remaining.end(), dropped.begin(), dropped.end());
  if (before.keep_additions) {
    for (std::string& name : catalog::FindLostSettings(states, before.rules)) {
      found.lost.of_remaining.push_back(std::move(name));
    }
  }
  if (before.keep_additions && !found.lost.of_remaining.empty()) {
    return plan::ErrorOf(
        plan::LossOfAdditions({found.lost.of_remaining, found.lost.of_table_parameters}));
  }
  states.with_layout = true;
  if (!catalog::UnprovenChanges(states, before.rules).empty()) found.layout.clear();
  return found;
}

}  // namespace

Result<LiveCatalog> CompareHere(const plan::VerifyCatalog& verify, const std::string& schema,
                                postgres::Session& session, const ExpectedSnapshot& expected,
                                const LiveStateBefore* before) {
  const auto find_proven = [&]() -> Result<catalog::SharedSnapshot> {
    return expected ? expected(verify.expected().catalog) : catalog::SharedSnapshot();
  };
  if (before != nullptr) {
    TRY_ASSIGN(const catalog::SharedSnapshot proven, find_proven());
    if (proven) return CompareWithBefore(verify, schema, session, *proven, *before);
  }
  TRY_ASSIGN(const catalog::Snapshot live,
             ReadLive(session, verify.expected(), schema, verify.expected().scope));
  LiveCatalog found{catalog::Fingerprint(live), catalog::LayoutFingerprint(live), {}, {}, {}};
  const bool equal = found.fingerprint == verify.expected().catalog &&
                     (!verify.with_layout || found.layout == verify.expected().layout);
  if (equal) return found;
  TRY_ASSIGN(const catalog::SharedSnapshot proven, find_proven());
  std::vector<catalog::Difference> differences;
  if (proven) differences = catalog::DiffOnAnyDate(*proven, live, verify.with_layout);
  if (differences.empty() && proven && !catalog::DatedPartitionsOf(*proven).empty()) {
    found.fingerprint = verify.expected().catalog;
    const bool same = catalog::DiffOnAnyDate(*proven, live, /*with_layout=*/true).empty();
    found.layout = same ? verify.expected().layout : std::string();
    return found;
  }
  return Differs(verify.expected().catalog, found.fingerprint, differences);
}

namespace {

// The differences that existed before, as sentences.
std::vector<std::string> StillDifferent(const std::vector<catalog::Difference>& before,
                                        const std::vector<catalog::Difference>& now) {
  std::vector<std::string> still = catalog::DescribeAll(now);
  const std::vector<std::string> was = catalog::DescribeAll(before);
  std::erase_if(still, [&](const std::string& sentence) {
    return std::ranges::find(was, sentence) == was.end();
  });
  return still;
}

}  // namespace

Result<LiveCatalog> CompareAdditions(const std::string& schema, postgres::Session& session,
                                     const LiveStateBefore& before) {
  release::FingerprintRecord record;
  record.scope = before.scope;
  TRY_ASSIGN(const catalog::Snapshot live,
             ReadLive(session, record, schema, before.scope, before.extensions));
  const catalog::Snapshot& proven = *before.proven;
  TRY_ASSIGN(catalog::MovedObjects moved, FindMoved(session, record, schema, before));
  const catalog::DeployStates states{&proven, proven, before.live, live, false, std::move(moved)};
  catalog::ChangedAdditions additions = catalog::FindChangedAdditions(states, before.rules);
  const auto was = catalog::CompareManaged(proven, before.live, before.rules);
  const auto is = catalog::CompareManaged(proven, live, before.rules);
  LiveCatalog found{{},
                    {},
                    StillDifferent(was.drift, is.drift),
                    StillDifferent(was.ignored, is.ignored),
                    catalog::FindLostAdditions(states, before.rules),
                    catalog::DescribeChanged(additions),
                    std::move(additions.names)};
  for (std::string& one : catalog::DescribeAccepted(additions)) {
    found.changed_additions.push_back(std::move(one));
  }
  TRY_ASSIGN(const std::vector<std::string> dropped,
             introspect::FindDropped(session, before.outside));
  found.lost.of_remaining.insert(found.lost.of_remaining.end(), dropped.begin(), dropped.end());
  return found;
}

}  // namespace ballast::apply
