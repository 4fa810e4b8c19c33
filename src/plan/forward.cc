#include "plan/forward.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plan/steps.h"

namespace ballast::plan {
namespace {

Decision Refuse(Found found, Refusal refusal) {
  Decision decision;
  decision.found = found;
  decision.answer = std::move(refusal);
  return decision;
}

Decision NoHistory(Found found, const ApplyRelease& release) {
  return Refuse(found,
                {ErrorCode::kNoWay,
                 fmt::format("the package of {} does not carry its migrations", release.version),
                 {},
                 {"make the package anew: ballast release create VERSION --replace"}});
}

// The migrations of the history that are in neither set, in order.
std::vector<release::Migration> Missing(const ApplyRelease& release,
                                        const std::set<std::string>& there) {
  std::vector<release::Migration> missing;
  for (const release::Migration& migration : release.history) {
    if (!there.contains(migration.name)) missing.push_back(migration);
  }
  return missing;
}

std::set<std::string> AppliedNames(const Observation& observation) {
  std::set<std::string> names;
  for (const MigrationRow& row : observation.rows) {
    if (row.CountsAsApplied()) names.insert(row.name);
  }
  return names;
}

// The rows of the old ledger go, the row of this release's baseline comes, then its hotfixes run.
void AddReleaseLedger(Plan& plan, const ApplyRelease& release, std::vector<std::string> forget,
                      const std::vector<release::Migration>& hotfixes) {
  plan.steps.push_back({VerifyCatalog{release.fingerprint, false, {}},
                        "nothing is committed unless it is the proven one"});
  plan.steps.push_back({ForgetRows{std::move(forget)}, ""});
  plan.steps.push_back({RecordRun{{{release.baseline.name, release.baseline.checksum}}},
                        "as a fresh deploy of this release records it"});
  AddScripts(plan, hotfixes, {.reason = "a hotfix of the package"});
}

}  // namespace

Decision MoveForward(const ApplyRelease& release, const release::PreviousRelease& previous,
                     const Observation& observation) {
  std::set<std::string> there = AppliedNames(observation);
  for (const release::CoveredMigration& covered : previous.coverage) there.insert(covered.name);
  const std::vector<release::Migration> missing = Missing(release, there);
  if (release.history.empty() && !release.coverage.empty()) {
    return NoHistory(Found::kBehind, release);
  }
  std::vector<std::string> forget = {release.baseline.name};
  for (const release::CoveredMigration& hotfix : previous.hotfixes) {
    const bool stays = std::any_of(release.hotfixes.begin(), release.hotfixes.end(),
                                   [&](const auto& kept) { return kept.name == hotfix.name; });
    if (!stays) forget.push_back(hotfix.name);
  }
  for (const release::CoveredMigration& covered : release.coverage) {
    if (IsApplied(observation, covered.name)) forget.push_back(covered.name);
  }
  const std::vector<release::Migration> hotfixes = PendingOf(release.hotfixes, observation);
  Decision decision;
  decision.found = Found::kBehind;
  decision.pending = NamesOf(missing);
  for (const std::string& name : NamesOf(hotfixes)) decision.pending.push_back(name);
  for (const auto* scripts : {&missing, &hotfixes}) {
    if (const release::Migration* without = FirstWithoutScript(*scripts)) {
      decision.answer = MissingScript(*without);
      return decision;
    }
  }
  Plan plan;
  AddScripts(plan, missing,
             {.reason = fmt::format("{} covers it, {} does not", release.version, previous.version),
              .record = false});
  for (const release::Migration& migration : missing) forget.push_back(migration.name);
  AddReleaseLedger(plan, release, std::move(forget), hotfixes);
  decision.notices.push_back(fmt::format("moving forward from {} to {}: {} migrations in between",
                                         previous.version, release.version, missing.size()));
  decision.answer = std::move(plan);
  return decision;
}

Decision FromDevelopmentLedger(const ApplyRelease& release, const Observation& observation,
                               const Policy& policy) {
  const std::set<std::string> there = AppliedNames(observation);
  std::vector<std::string> forget;
  for (const release::CoveredMigration& covered : release.coverage) {
    if (there.contains(covered.name)) forget.push_back(covered.name);
  }
  const std::vector<std::string> unknown =
      UnknownNames(observation, release.hotfixes, release.coverage);
  if (forget.empty()) {
    return Refuse(Found::kUnknown,
                  {ErrorCode::kCannotTell,
                   "the migrations table has rows, and none of them is of this project",
                   unknown,
                   {"check that the URL leads to the right database"}});
  }
  const bool complete = forget.size() == release.coverage.size();
  if (!unknown.empty() && complete && !policy.strict) {
    Decision decision;
    decision.found = Found::kAhead;
    decision.unknown = unknown;
    decision.answer = Plan{};
    decision.notices.push_back(fmt::format(
        "the database is ahead: {} migrations are not in release {}, {} the last; nothing to do",
        unknown.size(), release.version, unknown.back()));
    return decision;
  }
  if (!unknown.empty()) {
    Decision decision = Refuse(complete ? Found::kAhead : Found::kOtherLedger, Ahead(unknown));
    decision.unknown = unknown;
    return decision;
  }
  if (!complete && release.history.empty()) return NoHistory(Found::kOtherLedger, release);
  const std::vector<release::Migration> missing = Missing(release, there);
  const std::vector<release::Migration> hotfixes = PendingOf(release.hotfixes, observation);
  for (const auto* scripts : {&missing, &hotfixes}) {
    const release::Migration* without = FirstWithoutScript(*scripts);
    if (without != nullptr) return Refuse(Found::kOtherLedger, MissingScript(*without));
  }
  Plan plan;
  if (!complete) AddScripts(plan, missing, {.reason = "the release covers it", .record = false});
  for (const release::Migration& migration : missing) forget.push_back(migration.name);
  AddReleaseLedger(plan, release, std::move(forget), hotfixes);
  Decision decision;
  decision.found = Found::kOtherLedger;
  decision.pending = complete ? std::vector<std::string>{} : NamesOf(missing);
  decision.notices.push_back(
      "the database has the rows of the development strategy; they become the release's");
  decision.answer = std::move(plan);
  return decision;
}

Decision FromReleaseLedger(const FollowHistory& intent, const Observation& observation) {
  const MigrationRow* row = AppliedRow(observation, "0_baseline");
  const ApplyRelease* release = intent.release ? &*intent.release : nullptr;
  if (release == nullptr || row == nullptr || release->baseline.checksum != row->checksum) {
    return Refuse(
        Found::kOtherLedger,
        {ErrorCode::kOtherLedger,
         "the database was deployed from a release package, and this project does not know which",
         {fmt::format("its 0_baseline has checksum {}", row == nullptr ? "" : row->checksum)},
         {"deploy it by its package: ballast deploy --strategy release"}});
  }
  std::vector<release::Migration> pending;
  for (const release::Migration& migration : PendingOf(intent.migrations, observation)) {
    if (!release::Covers(release->coverage, migration.name)) pending.push_back(migration);
  }
  if (const release::Migration* without = FirstWithoutScript(pending)) {
    return Refuse(Found::kOtherLedger, MissingScript(*without));
  }
  Plan plan;
  if (PendingOf(release->hotfixes, observation).size() == release->hotfixes.size()) {
    plan.steps.push_back({VerifyCatalog{release->fingerprint, false, {}},
                          "the rows are converted only if the database is what they say"});
  }
  plan.steps.push_back({ForgetRows{{row->name}}, ""});
  plan.steps.push_back({RecordResolved{release->coverage},
                        fmt::format("the baseline of {} stands for them", release->version)});
  AddScripts(plan, pending, {.reason = "pending"});
  Decision decision;
  decision.found = Found::kOtherLedger;
  decision.pending = NamesOf(pending);
  decision.notices.push_back(
      fmt::format("the database has the rows of release {}; they become the development strategy's",
                  release->version));
  decision.answer = std::move(plan);
  return decision;
}

}  // namespace ballast::plan
