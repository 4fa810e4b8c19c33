// SPDX-License-Identifier: Apache-2.0
#include "assess/known_state_comparison.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "apply/verify_catalog.h"
#include "catalog/from_datamodel.h"
#include "catalog/known_states.h"
#include "catalog/managed_comparison.h"
#include "introspect/live_snapshot.h"
#include "introspect/snapshot_reader.h"
#include "postgres/rolled_back_transaction.h"
#include "prisma/parse.h"
#include "release/coverage.h"

namespace ballast::assess {
namespace {

// All states of a package have the same vocabulary.
release::FingerprintRecord RecordOf(const catalog::KnownState& state,
                                    const release::Manifest& manifest) {
  release::FingerprintRecord record;
  record.catalog = state.fingerprint;
  record.scope = catalog::ScopeOf(state.snapshot, manifest.fingerprint.scope.vocabulary);
  return record;
}

class Candidates {
 public:
  explicit Candidates(const project::Artifacts& artifacts) : artifacts_(artifacts) {}

  Status AddPackage(const release::Package& package) {
    const release::Manifest& manifest = package.manifest;
    const release::CoveredMigration baseline{release::kBaselineName, manifest.baseline_checksum};
    if (!manifest.with_hotfixes.catalog.empty() && artifacts_.unproven.empty()) {
      release::Coverage rows = release::CoverageOf(package.Hotfixes());
      rows.insert(rows.begin(), baseline);
      TRY(AddRelease(manifest.version, manifest.with_hotfixes, std::move(rows), manifest.coverage));
    }
    const std::string plain = release::SplitHotfixes(manifest.version).base;
    TRY(AddRelease(plain, manifest.fingerprint, {baseline}, manifest.coverage));
    TRY_ASSIGN(const project::SharedStates known, project::StatesOfPackage(artifacts_));
    for (auto previous = manifest.previous.rbegin(); previous != manifest.previous.rend();
         ++previous) {
      TRY(AddPrevious(*previous, manifest, *known));
    }
    for (const catalog::KnownState& state : *known) {
      if (state.name != release::kSchemaOnlyState) continue;
      plan::ComparedState printed;
      printed.name = "a baseline that prisma migrate diff printed from the schema of " + plain;
      printed.record = RecordOf(state, manifest);
      printed.schema_only = true;
      TRY(Add(std::move(printed)));
    }
    return {};
  }

  Status AddDevelopmentBaseline(const release::DevelopmentBaseline& baseline, bool first) {
    plan::ComparedState state;
    state.name = "the development baseline";
    state.record = baseline.fingerprint;
    state.resolved = baseline.coverage;
    state.covers = baseline.coverage;
    TRY(Add(std::move(state)));
    if (first) std::rotate(all_.begin(), all_.end() - 1, all_.end());
    return {};
  }

  Status AddPoint(const project::HistoryPoint& point) {
    release::FingerprintRecord record;
    record.catalog = point.fingerprint;
    record.layout = catalog::LayoutFingerprint(*point.snapshot);
    record.scope = catalog::ScopeOf(*point.snapshot);
    if (!point.hotfixes.empty()) return AddHotfixed(point, std::move(record));
    plan::ComparedState state;
    state.name = point.of_schema ? point.name : "the history up to " + point.name;
    state.schema_only = point.of_schema;
    state.record = std::move(record);
    state.resolved = point.covers;
    state.covers = point.covers;
    state.shown = point.shown;
    return Add(std::move(state));
  }

  // The state after a squash, or after the migrations that follow it.
  Status AddSquashed(const release::Squash& squash, const release::FingerprintRecord& record,
                     const release::Coverage& later) {
    plan::ComparedState state;
    state.name = "the history up to " + (later.empty() ? squash.name : later.back().name);
    state.record = record;
    state.resolved = {{squash.name, squash.baseline.baseline_checksum}};
    state.covers = squash.baseline.coverage;
    for (release::Coverage* rows : {&state.resolved, &state.covers}) {
      rows->insert(rows->end(), later.begin(), later.end());
    }
    return Add(std::move(state));
  }

  std::vector<ProvenState> Take() { return std::move(all_); }

 private:
  Status AddPrevious(const release::PreviousRelease& previous, const release::Manifest& manifest,
                     const std::vector<catalog::KnownState>& known) {
    release::Coverage rows = previous.hotfixes;
    rows.insert(rows.begin(), {release::kBaselineName, previous.baseline_checksum});
    const auto state =
        std::ranges::find(known, previous.fingerprint, &catalog::KnownState::fingerprint);
    release::FingerprintRecord record;
    if (state != known.end()) {
      record = RecordOf(*state, manifest);
    } else {  // an older package: use the scope of this release
      record.catalog = previous.fingerprint;
      record.scope = manifest.fingerprint.scope;
    }
    release::Coverage covers = previous.coverage;
    // Migrations that its hotfixes include are listed here under the names of this release.
    const std::set<std::string_view> replaced(previous.replaces.begin(), previous.replaces.end());
    for (const release::CoveredMigration& migration : manifest.coverage) {
      if (replaced.contains(migration.name)) covers.push_back(migration);
    }
    return AddRelease(previous.version, std::move(record), std::move(rows), std::move(covers));
  }

  // The release of the package after some of its hotfixes.
  Status AddHotfixed(const project::HistoryPoint& point, release::FingerprintRecord record) {
    const release::Manifest& manifest = artifacts_.package->manifest;
    release::Coverage run = point.hotfixes;
    run.insert(run.begin(), {release::kBaselineName, manifest.baseline_checksum});
    const std::string plain = release::SplitHotfixes(manifest.version).base;
    TRY(AddRelease(release::VersionWithHotfixes(plain, point.hotfixes.size()), std::move(record),
                   std::move(run), point.covers));
    all_.back().state.shown = point.shown;
    return {};
  }

  Status AddRelease(const std::string& version, release::FingerprintRecord record,
                    release::Coverage run, release::Coverage covers) {
    plan::ComparedState state;
    state.name = "release " + version;
    state.version = version;
    state.record = std::move(record);
    state.run = std::move(run);
    state.covers = std::move(covers);
    return Add(std::move(state));
  }

  Status Add(plan::ComparedState state) {
    TRY_ASSIGN(catalog::SharedSnapshot snapshot,
               project::ProvenSnapshot(artifacts_, state.record.catalog));
    all_.push_back({std::move(state), std::move(snapshot)});
    return {};
  }

  const project::Artifacts& artifacts_;
  std::vector<ProvenState> all_;
};

// Reads the live catalog once for each scope and search_path.
class LiveCatalogs {
 public:
  LiveCatalogs(postgres::Session& session, std::string target)
      : session_(session), target_(std::move(target)) {}

  Result<const catalog::Snapshot*> In(const ProvenState& state) {
    const catalog::Scope& scope = state.state.record.scope;
    const std::string schema = apply::SearchPathSchema(state.state.record, target_);
    const std::string from = introspect::SetSearchPathSql(
        schema, state.snapshot ? introspect::MovableExtensions(*state.snapshot)
                               : std::vector<std::string>());
    for (const Read& known : read_) {
      if (known.scope == scope && known.from == from) return &known.snapshot;
    }
    TRY_ASSIGN(auto live, introspect::ReadSnapshot(session_, scope, from));
    if (schema != target_) introspect::LeaveOutMigrationsTable(target_, live.snapshot);
    read_.push_back({scope, from, std::move(live.snapshot)});
    return &read_.back().snapshot;
  }

 private:
  struct Read {
    catalog::Scope scope;
    std::string from;
    catalog::Snapshot snapshot;
  };
  postgres::Session& session_;
  std::string target_;
  std::deque<Read> read_;
};

// Counts the objects of the state, and those of them that the live catalog has as they are.
void CountObjects(const catalog::Snapshot& proven, const catalog::Snapshot& live,
                  plan::ComparedState& state) {
  using Property =
      std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;
  const auto key = [](const catalog::ObjectProperty& item) {
    return Property{item.kind, item.object, item.property, item.value};
  };
  std::set<Property> there;
  for (const catalog::ObjectProperty& item : live) there.insert(key(item));
  std::map<std::pair<std::string_view, std::string_view>, bool> objects;
  for (const catalog::ObjectProperty& item : proven) {
    if (item.property == catalog::kLayoutProperty || item.property == catalog::kDependsOnProperty)
      continue;
    objects.try_emplace({item.kind, item.object}, true).first->second &= there.contains(key(item));
  }
  state.objects = objects.size();
  state.as_proven = static_cast<size_t>(
      std::count_if(objects.begin(), objects.end(), [](const auto& it) { return it.second; }));
}

Status Compare(ProvenState& candidate, LiveCatalogs& live, const catalog::ComparisonRules& rules) {
  plan::ComparedState& state = candidate.state;
  TRY_ASSIGN(const catalog::Snapshot* snapshot, live.In(candidate));
  state.equal = catalog::Fingerprint(*snapshot) == state.record.catalog;
  if (state.equal || !candidate.snapshot) return {};
  CountObjects(*candidate.snapshot, *snapshot, state);
  const auto managed = catalog::CompareManaged(*candidate.snapshot, *snapshot, rules);
  state.differences = catalog::DescribeAll(managed.drift);
  state.contained = managed.drift.empty();
  state.additions = managed.additions.size();
  for (const catalog::Difference& addition : managed.additions) {
    const bool is_table = addition.kind == "table" && addition.depends_on != catalog::kTheDate;
    if (is_table && addition.change == catalog::ChangeKind::kExtra &&
        catalog::OwnerOfAddition(addition).empty()) {
      state.other_tables.push_back(addition.object);
    }
  }
  return {};
}

// Whether the checksum is that of the DDL of the package's schema, as printed by a Prisma version.
// (Prisma's CLI appends one newline.)
bool IsPrintedFromSchema(const release::Package& package, const std::string& checksum) {
  std::vector<prisma::SchemaFile> files;
  for (const auto& [path, text] : package.files) {
    if (path.starts_with(release::kSchemaPath)) files.push_back({path, text});
  }
  for (const auto compat :
       {prisma::Compat::kPrisma5, prisma::Compat::kPrisma6, prisma::Compat::kPrisma7}) {
    prisma::ParseOptions options;
    options.compat = compat;
    options.allow_missing_url = true;
    const auto schema = prisma::ReadSchema(files, options);
    if (!schema) continue;
    const std::string script = catalog::RenderSchemaSql(schema->datamodel, compat);
    for (const char* end : {"", "\n"}) {
      if (release::ChecksumOf(script + end) == checksum) return true;
    }
  }
  return false;
}

// Whether the state has no migration beyond the one that --to names.
bool IsRequested(const plan::Intent& intent, const plan::ComparedState& state) {
  const auto* history = std::get_if<plan::FollowHistory>(&intent);
  if (history == nullptr || history->last.empty()) return true;
  std::set<std::string_view> requested;
  for (const release::Migration& migration : plan::RequestedOf(*history)) {
    requested.insert(migration.name);
  }
  return release::AreAmong(state.covers, requested);
}

}  // namespace

Result<std::vector<ProvenState>> ProvenStatesOf(const plan::Intent& intent,
                                                project::Artifacts& artifacts) {
  const bool release_first = std::holds_alternative<plan::ApplyRelease>(intent);
  Candidates candidates(artifacts);
  const bool usable = artifacts.package && !artifacts.package_error && !artifacts.seal_error;
  if (usable) TRY(candidates.AddPackage(*artifacts.package));
  TRY(project::AddDevelopmentBaseline(artifacts));
  if (artifacts.baseline) {
    TRY(candidates.AddDevelopmentBaseline(*artifacts.baseline, !release_first));
  }
  for (const project::HistoryPoint& point : artifacts.points->All()) {
    TRY(candidates.AddPoint(point));
  }
  std::vector<ProvenState> states = candidates.Take();
  std::erase_if(states,
                [&](const ProvenState& known) { return !IsRequested(intent, known.state); });
  return states;
}

Result<std::vector<ProvenState>> StatesOfSquash(const project::Artifacts& artifacts) {
  Candidates candidates(artifacts);
  if (!artifacts.squash) return candidates.Take();
  const release::Squash& squash = artifacts.squash->record;
  TRY(candidates.AddSquashed(squash, squash.baseline.fingerprint, {}));
  for (const release::DevelopmentBaseline& after : squash.states) {
    TRY(candidates.AddSquashed(squash, after.fingerprint, after.coverage));
  }
  return candidates.Take();
}

Result<std::vector<ProvenState>> StatesWithRows(const plan::Intent& intent,
                                                project::Artifacts& artifacts) {
  TRY_ASSIGN(std::vector<ProvenState> states, ProvenStatesOf(intent, artifacts));
  TRY_ASSIGN(std::vector<ProvenState> squashed, StatesOfSquash(artifacts));
  std::move(squashed.begin(), squashed.end(), std::back_inserter(states));
  return states;
}

Status CompareWithAll(const plan::Intent& intent, project::Artifacts& artifacts,
                      postgres::Session& session, const catalog::ComparisonRules& rules,
                      plan::Observation& observation) {
  TRY_ASSIGN(std::vector<ProvenState> states, ProvenStatesOf(intent, artifacts));
  observation.compared.clear();
  return postgres::InRolledBackTransaction(
      session, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", [&]() -> Status {
        LiveCatalogs live(session, observation.schema);
        for (ProvenState& candidate : states) {
          TRY(Compare(candidate, live, rules));
          observation.compared.push_back(std::move(candidate.state));
        }
        return {};
      });
}

Status CompareWithKnownStates(const plan::Intent& intent, project::Artifacts& artifacts,
                              postgres::Session& session, const catalog::ComparisonRules& rules,
                              plan::Observation& observation) {
  const plan::MigrationRow* row = plan::AppliedRow(observation, release::kBaselineName);
  observation.baseline_printed_from_schema =
      row != nullptr && artifacts.package && IsPrintedFromSchema(*artifacts.package, row->checksum);
  observation.compared_with = plan::Compared::kKnownStates;
  return CompareWithAll(intent, artifacts, session, rules, observation);
}

}  // namespace ballast::assess
