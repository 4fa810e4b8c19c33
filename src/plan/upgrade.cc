// SPDX-License-Identifier: Apache-2.0
#include "plan/upgrade.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "plan/adoption.h"
#include "plan/newer_release.h"
#include "plan/plan_builder.h"
#include "plan/steps.h"
#include "release/coverage.h"
#include "release/package.h"

namespace ballast::plan {
namespace {

Decision NoHistory(Found found, const ApplyRelease& release) {
  return Refuse(found,
                {ErrorCode::kNoUpgradePath,
                 fmt::format("the package of {} does not contain its migrations", release.version),
                 {},
                 {"create the package again: ballast release create VERSION --replace"}});
}

using NameSet = std::set<std::string_view>;

// The migrations of the history that are not there, in order.
std::vector<release::Migration> Missing(const ApplyRelease& release, const NameSet& there) {
  std::vector<release::Migration> missing;
  for (const release::Migration& migration : release.History()) {
    if (!there.contains(migration.name)) missing.push_back(migration);
  }
  return missing;
}

// A comparison, the rows of this release's strategy instead of the old ones, and its hotfixes with
// a comparison of their own. Where some hotfixes are applied already, the state before the others
// is not proven, so the rows follow the last comparison.
void AddReleaseRows(PlanBuilder& plan, const ApplyRelease& release, DeleteHistoryRows old,
                    const std::vector<release::Migration>& hotfixes) {
  const release::FingerprintRecord* end = ProvenEnd(release);
  const bool none_applied = hotfixes.size() == release.hotfixes.size();
  const bool at_end = !none_applied && end != nullptr;
  if (at_end) plan.AddScripts(hotfixes, {.reason = "a hotfix of the package"});
  plan.Verify({at_end ? *end : release.fingerprint, false, {}});
  plan.Add(std::move(old), "");
  plan.Add(InsertExecutedRows{{{release.baseline.name, release.baseline.checksum}}},
           "as a fresh deploy of this release records it");
  if (at_end) return;
  plan.AddScripts(hotfixes, {.reason = "a hotfix of the package"});
  if (!hotfixes.empty() && end != nullptr) plan.Verify({*end, false, {}});
}

// Migrations whose changes a database at `previous` contains, even without a row.
void AddContents(const release::PreviousRelease& previous, NameSet& there) {
  there.merge(release::CoveredNames(previous.coverage));
  there.insert(previous.replaces.begin(), previous.replaces.end());
}

// What a database at `previous` lacks of this release.
std::vector<release::Migration> MissingSince(const ApplyRelease& release,
                                             const release::PreviousRelease& previous,
                                             const Observation& observation) {
  NameSet there = AppliedNames(observation);
  AddContents(previous, there);
  return Missing(release, there);
}

// The rows that a fresh deploy of this release does not leave. Migrations that it covers can be
// hotfixes of the previous one.
std::vector<std::string> OldRows(const ApplyRelease& release,
                                 const release::PreviousRelease& previous,
                                 const Observation& observation) {
  std::vector<std::string> remove = {release.baseline.name};
  NameSet known;
  for (const release::Migration& hotfix : release.hotfixes) known.insert(hotfix.name);
  for (const release::CoveredMigration& hotfix : previous.hotfixes) {
    if (known.insert(hotfix.name).second) remove.push_back(hotfix.name);
  }
  const NameSet applied = AppliedNames(observation);
  for (const release::CoveredMigration& covered : release.coverage) {
    if (applied.contains(covered.name) && known.insert(covered.name).second) {
      remove.push_back(covered.name);
    }
  }
  return remove;
}

std::vector<std::string> UnknownToUpgrade(const ApplyRelease& release,
                                          const release::PreviousRelease& previous,
                                          const Observation& observation) {
  release::Coverage known = release.coverage;
  known.insert(known.end(), previous.hotfixes.begin(), previous.hotfixes.end());
  known.push_back({release.baseline.name, release.baseline.checksum});
  return UnknownNames(observation, release.hotfixes, known);
}

std::vector<std::string> DescribeUpgrade(const ApplyRelease& release,
                                         const release::PreviousRelease& previous,
                                         const std::vector<std::string>& unknown, size_t missing) {
  std::vector<std::string> notices = {fmt::format("upgrade from {} to {}: {}", previous.version,
                                                  release.version, Counted(missing, "migration"))};
  if (!previous.replaces.empty()) {
    notices.push_back(fmt::format(
        "skipped {}, because {} already made {}: {}",
        Counted(previous.replaces.size(), "migration"),
        previous.hotfixes.empty() ? previous.version : "the hotfixes of " + previous.version,
        previous.replaces.size() == 1 ? "its changes" : "their changes",
        JoinSome(previous.replaces)));
  }
  if (!unknown.empty()) {
    notices.push_back(fmt::format("{} unknown to this release (the last is {}); {} kept",
                                  Counted(unknown.size(), "migration"), unknown.back(),
                                  unknown.size() == 1 ? "its row is" : "their rows are"));
  }
  return notices;
}

// Converts a database with rows of the release strategy to those of the development strategy.
struct Conversion {
  std::string from;                            // a version
  std::vector<release::Migration> on_the_way;  // to the release that the project has
  std::vector<release::Migration> beyond;      // and after it
  std::vector<std::string> remove;
  bool goes_too_far = false;  // `on_the_way` has migrations after the last requested one
};

// Nothing when neither the release itself nor one before it gave the database this baseline, or
// when the migrations in between are not in the project as the release covers them.
std::optional<Conversion> ConversionOf(const FollowHistory& intent, const ApplyRelease& release,
                                       const Observation& observation,
                                       const std::string& baseline_checksum) {
  Conversion conversion{release.version, {}, {}, {release.baseline.name}};
  const bool at_release = release.baseline.checksum == baseline_checksum;
  const NameSet applied = AppliedNames(observation);
  const release::PreviousRelease* previous =
      at_release ? nullptr : PreviousOf(release.previous, applied, baseline_checksum);
  if (!at_release && previous == nullptr) return std::nullopt;
  const NameSet covered = release::CoveredNames(release.coverage);
  NameSet there = applied;
  if (at_release) {
    there.insert(covered.begin(), covered.end());
  } else {
    conversion.from = previous->version;
    AddContents(*previous, there);
    conversion.remove = OldRows(release, *previous, observation);
  }
  size_t found = 0;
  size_t at = 0;
  NameSet beyond;
  for (const release::Migration& migration : intent.migrations) {
    const bool requested = at++ < RequestedOf(intent).size();
    const bool is_covered = covered.contains(migration.name);
    found += is_covered ? 1 : 0;
    if (!is_covered) beyond.insert(migration.name);
    if ((is_covered ? there : applied).contains(migration.name)) continue;
    conversion.goes_too_far = conversion.goes_too_far || (is_covered && !requested);
    if (is_covered || requested) {
      (is_covered ? conversion.on_the_way : conversion.beyond).push_back(migration);
    }
  }
  // For migrations after the release only the rows record what ran; these rows are kept.
  std::erase_if(conversion.remove, [&](const auto& name) { return beyond.contains(name); });
  if (!at_release && found != release.coverage.size()) return std::nullopt;
  return conversion;
}

// The rows of neither the project nor the release, which stay.
std::vector<std::string> UnknownToConversion(const FollowHistory& intent,
                                             const ApplyRelease& release,
                                             const Conversion& conversion,
                                             const Observation& observation) {
  std::vector<release::Migration> known = intent.migrations;
  known.push_back(release.baseline);
  known.insert(known.end(), release.hotfixes.begin(), release.hotfixes.end());
  std::vector<std::string> unknown = UnknownNames(observation, known, release.coverage);
  std::erase_if(unknown, [&](const std::string& name) {
    return std::ranges::find(conversion.remove, name) != conversion.remove.end();
  });
  return unknown;
}

// The proven catalog of a database at this release, by the hotfixes that it has; null where the
// manifest proves none with just these.
const release::FingerprintRecord* ProvenState(const ApplyRelease& release,
                                              const Observation& observation) {
  const size_t pending = PendingOf(release.hotfixes, observation).size();
  if (pending == release.hotfixes.size()) return &release.fingerprint;
  const bool proven = pending == 0 && !release.with_hotfixes.catalog.empty();
  return proven ? &release.with_hotfixes : nullptr;
}

Decision UnprovenHotfixes(const ApplyRelease& release) {
  return Refuse(
      Found::kOtherStrategy,
      {ErrorCode::kOtherStrategy,
       fmt::format("release {} was never proven with only the hotfixes that this database has",
                   release.version),
       {},
       {"deploy the other hotfixes first: ballast deploy --strategy release",
        "or create a release that covers them: ballast release create VERSION"}});
}

std::variant<Plan, Refusal> PlanOf(Conversion conversion, const ApplyRelease& release,
                                   const Observation& observation, Splitting splitting) {
  PlanBuilder plan(std::move(splitting));
  plan.AddScripts(conversion.on_the_way, {.reason = fmt::format("{} covers it, {} does not",
                                                                release.version, conversion.from),
                                          .rows = RowPolicy::kIfSeveralTransactions});
  plan.Verify({*ProvenState(release, observation), false, {}},
              "the rows are converted only if the catalog matches them");
  NameSet kept = AppliedNames(observation);
  const DeleteHistoryRows old{std::move(conversion.remove), ReplacedRows::kOtherStrategy,
                              NamesOf(conversion.on_the_way)};
  for (const std::string& name : old.names) kept.erase(name);
  plan.Add(old, "");
  plan.Add(InsertResolvedRows{release::NotAmong(release.coverage, kept)},
           "covered by the baseline of " + release.version);
  plan.AddScripts(conversion.beyond, {.reason = "pending"});
  return std::move(plan).Build();
}

// `deploy --to` a migration that the release covers, and the database has the rows of an earlier
// release: they become those of the development strategy only at a release.
Decision StopsBeforeRelease(const std::string& last, const ApplyRelease& release) {
  return Refuse(
      Found::kOtherStrategy,
      {ErrorCode::kOtherStrategy,
       fmt::format("the rows of the release strategy can be converted only at release {}, "
                   "which comes after {}",
                   release.version, last),
       {},
       {"deploy the release first: ballast deploy --strategy release",
        "or name a migration that it does not cover"}});
}

Decision UnknownRelease(const MigrationRow* row, const Observation& observation) {
  Refusal refusal{
      ErrorCode::kOtherStrategy,
      "the database was deployed from a release package that this project does not know, and "
      "matches no proven state of the project",
      {fmt::format("its 0_baseline has checksum {}", row == nullptr ? "" : row->checksum)},
      {"deploy on the branch of that release: ballast deploy --strategy release",
       "or, if the project has all of its migrations: ballast baseline create, then deploy again"}};
  for (std::string& line : NearestStates(observation)) refusal.evidence.push_back(std::move(line));
  const bool contained =
      std::any_of(observation.compared.begin(), observation.compared.end(),
                  [](const ComparedState& state) { return state.contained && !state.schema_only; });
  if (contained) {
    refusal.remedies.emplace_back(
        "or, if no release created the additions: ballast deploy --adopt");
  }
  return Refuse(Found::kOtherStrategy, std::move(refusal));
}

}  // namespace

const release::PreviousRelease* PreviousOf(const std::vector<release::PreviousRelease>& known,
                                           const std::set<std::string_view>& applied,
                                           const std::string& baseline_checksum) {
  const release::PreviousRelease* best = nullptr;
  for (const release::PreviousRelease& previous : known) {
    if (previous.baseline_checksum != baseline_checksum) continue;
    if (!release::AreAmong(previous.hotfixes, applied)) continue;
    if (best == nullptr || previous.hotfixes.size() > best->hotfixes.size()) best = &previous;
  }
  return best;
}

Decision Upgrade(const ApplyRelease& release, const release::PreviousRelease& previous,
                 const Observation& observation, const Policy& policy) {
  if (release.History().empty() && !release.coverage.empty()) {
    return NoHistory(Found::kBehind, release);
  }
  Decision decision;
  decision.found = Found::kBehind;
  decision.unknown = UnknownToUpgrade(release, previous, observation);
  const std::vector<release::Migration> missing = MissingSince(release, previous, observation);
  const std::vector<release::Migration> hotfixes = PendingOf(release.hotfixes, observation);
  decision.pending = NamesOf(missing);
  for (const std::string& name : NamesOf(hotfixes)) decision.pending.push_back(name);
  PlanBuilder plan(SplittingOf(release, policy));
  plan.AddScripts(missing, {.reason = fmt::format("{} covers it, {} does not", release.version,
                                                  previous.version),
                            .rows = RowPolicy::kIfSeveralTransactions});
  AddReleaseRows(
      plan, release,
      {OldRows(release, previous, observation), ReplacedRows::kOlderRelease, NamesOf(missing)},
      hotfixes);
  AddNotices(NoticeKind::kPlan,
             DescribeUpgrade(release, previous, decision.unknown, missing.size()),
             decision.notices);
  decision.answer = std::move(plan).Build();
  return decision;
}

namespace {

// Rows of migrations that were deleted from the project, as Prisma's recipe for squashing leaves
// them: each sorts before every migration that is still to run. (Those of a newer version sort
// after them.)
bool AreDeleted(const std::vector<std::string>& unknown,
                const std::vector<release::Migration>& missing) {
  return !missing.empty() &&
         std::all_of(unknown.begin(), unknown.end(), [&](const std::string& name) {
           return std::all_of(missing.begin(), missing.end(),
                              [&](const auto& migration) { return name < migration.name; });
         });
}

Decision AheadOf(const ApplyRelease& release, std::vector<std::string> unknown) {
  Decision decision;
  decision.found = Found::kAhead;
  decision.answer = Plan{};
  decision.notices.push_back(
      {NoticeKind::kAhead,
       fmt::format(
           "the database is ahead: it has {} unknown to release {} (the last is {}); nothing to do",
           Counted(unknown.size(), "migration"), release.version, unknown.back())});
  decision.unknown = std::move(unknown);
  return decision;
}

// Some migrations of the release are missing, and the database has others that it does not know.
Decision Diverged(const ApplyRelease& release, std::vector<std::string> unknown,
                  std::vector<RenamedMigration> renamed) {
  Refusal refusal{
      ErrorCode::kAhead,
      fmt::format(
          "the database has {} unknown to release {}, and is missing some of its migrations",
          Counted(unknown.size(), "migration"), release.version),
      unknown,
      {}};
  for (const RenamedMigration& one : renamed) refusal.remedies.push_back(RemedyOf(one));
  refusal.remedies.emplace_back(
      "deploy a version that has them, or create a release from a history that has them");
  Decision decision = Refuse(Found::kOtherStrategy, std::move(refusal));
  AddNotices(NoticeKind::kPlan, DescribeRenames(renamed), decision.notices);
  decision.renamed = std::move(renamed);
  decision.unknown = std::move(unknown);
  return decision;
}

}  // namespace

Decision UpgradeFromDevelopment(const ApplyRelease& release, const Observation& observation,
                                const Policy& policy) {
  const NameSet there = AppliedNames(observation);
  std::vector<std::string> remove;
  for (const release::CoveredMigration& covered : release.coverage) {
    if (there.contains(covered.name)) remove.push_back(covered.name);
  }
  const std::vector<std::string> unknown =
      UnknownNames(observation, release.hotfixes, release.coverage);
  if (remove.empty()) {
    return Refuse(Found::kUnknown, {ErrorCode::kCannotTell,
                                    "no row of the migrations table belongs to this project",
                                    unknown,
                                    {"check that the URL is that of the right database"}});
  }
  const bool complete = remove.size() == release.coverage.size();
  const std::vector<release::Migration> missing = Missing(release, there);
  if (!unknown.empty()) {
    if (complete) return AheadOf(release, unknown);
    std::vector<RenamedMigration> renamed = RenamedAmong(missing, unknown, observation);
    if (!renamed.empty() || !AreDeleted(unknown, missing)) {
      return Diverged(release, unknown, std::move(renamed));
    }
  }
  if (!complete && release.History().empty()) return NoHistory(Found::kOtherStrategy, release);
  const std::vector<release::Migration> hotfixes = PendingOf(release.hotfixes, observation);
  PlanBuilder plan(SplittingOf(release, policy));
  if (!complete) {
    plan.AddScripts(missing,
                    {.reason = "the release covers it", .rows = RowPolicy::kIfSeveralTransactions});
  }
  remove.insert(remove.end(), unknown.begin(), unknown.end());
  AddReleaseRows(plan, release, {std::move(remove), ReplacedRows::kOlderRelease, NamesOf(missing)},
                 hotfixes);
  Decision decision;
  decision.found = Found::kOtherStrategy;
  decision.unknown = unknown;
  if (!unknown.empty()) {
    decision.notices.push_back(
        {NoticeKind::kPlan,
         fmt::format("{} of migrations that were deleted from the project {} removed: {}",
                     Counted(unknown.size(), "row"), unknown.size() == 1 ? "is" : "are",
                     Join(unknown, ", "))});
  }
  decision.pending = complete ? std::vector<std::string>{} : NamesOf(missing);
  decision.notices.push_back(
      {NoticeKind::kPlan, "the row of the release replaces those of its migrations"});
  decision.answer = std::move(plan).Build();
  return decision;
}

namespace {

// A newer release has all migrations of the project if the project's release covers them.
std::optional<Decision> AheadOfHistory(const FollowHistory& intent, const ApplyRelease& release,
                                       const Observation& observation,
                                       const MigrationRow& baseline) {
  if (!release::AreAmong(release::CoverageOf(intent.migrations),
                         release::CoveredNames(release.coverage))) {
    return std::nullopt;
  }
  return AtNewerRelease(release, observation, baseline.checksum);
}

}  // namespace

Decision FollowFromRelease(const FollowHistory& intent, const Observation& observation,
                           const Policy& policy) {
  const MigrationRow* row = AppliedRow(observation, release::kBaselineName);
  const ApplyRelease* release = intent.release ? &*intent.release : nullptr;
  if (release == nullptr || row == nullptr) return UnknownRelease(row, observation);
  std::optional<Conversion> conversion = ConversionOf(intent, *release, observation, row->checksum);
  if (!conversion) {
    auto ahead = AheadOfHistory(intent, *release, observation, *row);
    return ahead ? *std::move(ahead) : UnknownRelease(row, observation);
  }
  if (conversion->goes_too_far) return StopsBeforeRelease(intent.last, *release);
  if (ProvenState(*release, observation) == nullptr) return UnprovenHotfixes(*release);
  Decision decision;
  decision.found = Found::kOtherStrategy;
  decision.unknown = UnknownToConversion(intent, *release, *conversion, observation);
  decision.pending = NamesOf(conversion->on_the_way);
  for (const std::string& name : NamesOf(conversion->beyond)) decision.pending.push_back(name);
  decision.notices.push_back(
      {NoticeKind::kPlan,
       fmt::format("rows of the migrations replace the row of release {}", conversion->from)});
  decision.answer =
      PlanOf(*std::move(conversion), *release, observation, SplittingOf(intent, policy));
  return decision;
}

}  // namespace ballast::plan
