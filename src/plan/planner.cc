// SPDX-License-Identifier: Apache-2.0
#include "plan/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "plan/adoption.h"
#include "plan/failed_migrations.h"
#include "plan/required_version.h"
#include "plan/resume.h"
#include "plan/steps.h"
#include "plan/upgrade.h"
#include "release/coverage.h"

namespace ballast::plan {
namespace {

Decision DecideAtRest(const Intent& intent, const Observation& observation, const Policy& policy);

bool Compares(const Plan& plan) {
  return std::any_of(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
    return std::holds_alternative<VerifyCatalog>(step.act);
  });
}

// The state that the database is in is recorded, and what follows from there runs in the same plan.
Decision AdoptAndGoOn(const Intent& intent, const Observation& observation, const Policy& policy) {
  const Found found = observation.rows.empty() ? Found::kNotManaged : Found::kUnknown;
  auto chosen = StateToAdopt(observation);
  if (auto* refusal = std::get_if<Refusal>(&chosen)) {
    return Refuse(found, std::move(*refusal));
  }
  const ComparedState& state = std::get<ComparedState>(chosen);
  Decision decision = DecideAtRest(intent, WithRowsOf(state, observation), policy);
  decision.found = found;
  auto* rest = std::get_if<Plan>(&decision.answer);
  if (rest == nullptr) return decision;
  Plan plan;
  AddPrerequisites(plan, observation);
  AddAdoption(plan, state, observation, !Compares(*rest));
  plan.atomic = rest->atomic;
  std::move(rest->steps.begin(), rest->steps.end(), std::back_inserter(plan.steps));
  decision.notices.insert(decision.notices.begin(), "the database equals " + state.name);
  decision.answer = std::move(plan);
  return decision;
}

// What every intent answers alike: failed rows, and objects without rows.
std::optional<Decision> DecideInCommon(const Intent& intent, const Observation& observation,
                                       const Policy& policy) {
  if (!FailedRows(observation).empty()) {
    return Refuse(Found::kFailed, FailedMigrations(observation));
  }
  if (!observation.rows.empty() || observation.object_count == 0) return std::nullopt;
  if (policy.adopt) return AdoptAndGoOn(intent, observation, policy);
  return Refuse(Found::kNotManaged, NotEmpty(observation));
}

// The answer once it is known what is pending and what the project does not know.
Decision DecideByPending(const std::vector<release::Migration>& pending,
                         const std::vector<std::string>& unknown, const ScriptOptions& manner,
                         const Policy& policy) {
  Decision decision;
  decision.pending = NamesOf(pending);
  decision.unknown = unknown;
  if (pending.empty() && unknown.empty()) {
    decision.found = Found::kCurrent;
    decision.answer = Plan{};
    return decision;
  }
  if (pending.empty()) {
    decision.found = Found::kAhead;
    if (policy.strict) {
      decision.answer = Ahead(unknown);
      return decision;
    }
    decision.answer = Plan{};
    decision.notices.push_back(
        fmt::format("the database is ahead: it has {} migrations that this project does not know, "
                    "{} the last; nothing to do",
                    unknown.size(), unknown.back()));
    return decision;
  }
  decision.found = Found::kBehind;
  if (!unknown.empty()) {
    decision.notices.push_back(
        fmt::format("the database has {} migrations that this project does not know, {} the last",
                    unknown.size(), unknown.back()));
  }
  if (const release::Migration* missing = FirstWithoutScript(pending)) {
    decision.answer = MissingScript(*missing);
    return decision;
  }
  Plan plan;
  AddScripts(plan, pending, manner);
  decision.answer = std::move(plan);
  return decision;
}

// ---- release ---------------------------------------------------------------------------------

bool ProvesHotfixes(const ApplyRelease& release) {
  return !release.hotfixes.empty() && !release.with_hotfixes.catalog.empty();
}

Decision FreshRelease(const ApplyRelease& release, const Observation& observation) {
  Plan plan;
  AddPrerequisites(plan, observation);
  plan.steps.push_back({RunScript{release.baseline, true, true},
                        fmt::format("it stands for {} migrations", release.coverage.size())});
  Decision decision;
  decision.found = Found::kFresh;
  decision.pending = {release.baseline.name};
  for (const release::Migration& hotfix : release.hotfixes) decision.pending.push_back(hotfix.name);
  if (const release::Migration* missing = FirstWithoutScript(release.hotfixes)) {
    decision.answer = MissingScript(*missing);
    return decision;
  }
  // What is proven last is compared, if all of it can be one transaction.
  const bool whole = ProvesHotfixes(release) && ShareOneTransaction(release.hotfixes);
  const VerifyCatalog after_baseline{release.fingerprint, true, release.rows};
  const char* const reason = "nothing is committed unless it is the proven one";
  if (!whole) plan.steps.push_back({after_baseline, reason});
  AddScripts(plan, release.hotfixes, {.reason = "a hotfix of the package"});
  if (whole) plan.steps.push_back({VerifyCatalog{release.with_hotfixes, true, {}}, reason});
  decision.answer = std::move(plan);
  return decision;
}

Decision HotfixesOnly(const ApplyRelease& release, const Observation& observation,
                      const Policy& policy) {
  std::vector<release::Migration> known = release.hotfixes;
  known.push_back(release.baseline);
  Decision decision = DecideByPending(PendingOf(release.hotfixes, observation),
                                      UnknownNames(observation, known, {}),
                                      {.reason = "a hotfix of the package"}, policy);
  auto* plan = std::get_if<Plan>(&decision.answer);
  if (plan == nullptr || plan->steps.empty() || !decision.unknown.empty()) return decision;
  if (ProvesHotfixes(release)) {
    plan->steps.push_back({VerifyCatalog{release.with_hotfixes, false, {}},
                           "nothing is committed unless it is the proven one"});
  }
  return decision;
}

// The release is known, but no way is proven from it without some hotfix that the database lacks.
Decision HotfixesLacking(const ApplyRelease& release, const release::PreviousRelease& previous) {
  std::vector<std::string> evidence;
  for (const release::CoveredMigration& hotfix : previous.hotfixes) {
    evidence.push_back("hotfix " + hotfix.name);
  }
  return Refuse(Found::kUnknown,
                {ErrorCode::kNoUpgradePath,
                 fmt::format("a way to {} is proven only from {}, whose hotfixes are not all here",
                             release.version, previous.version),
                 std::move(evidence),
                 {fmt::format("deploy the package of {} first, then this one", previous.version)}});
}

Decision UnknownBaseline(const ApplyRelease& release, const std::string& checksum) {
  Refusal refusal{
      ErrorCode::kUnknownBaseline,
      fmt::format("the database was deployed from a baseline that release {} does not know",
                  release.version),
      {fmt::format("its {} has checksum {}, this release's has {}", release.baseline.name, checksum,
                   release.baseline.checksum)},
      {"deploy the release that it was made from, then one that lists it as previous",
       "or make this release know it: ballast release create VERSION --from-release PACKAGE"}};
  return Refuse(Found::kUnknown, std::move(refusal));
}

bool JournalSaysAhead(const ApplyRelease& release, const Observation& observation,
                      const std::string& checksum) {
  if (!observation.journal_release) return false;
  const JournalRelease& last = *observation.journal_release;
  return last.baseline_checksum == checksum &&
         std::find(last.older_baselines.begin(), last.older_baselines.end(),
                   release.baseline.checksum) != last.older_baselines.end();
}

Decision AheadByJournal(const Observation& observation, const Policy& policy) {
  Decision decision;
  decision.found = Found::kAhead;
  const std::string& version = observation.journal_release->version;
  decision.unknown = {version};
  if (policy.strict) {
    decision.answer = Ahead(decision.unknown);
  } else {
    decision.answer = Plan{};
    decision.notices.push_back(
        fmt::format("the database is ahead: it is at release {}; nothing to do", version));
  }
  return decision;
}

// Rows that were all rolled back, and objects all the same: nobody can say which state that is.
Decision OnlyRolledBack(const Observation& observation) {
  return Refuse(Found::kUnknown,
                {ErrorCode::kCannotTell,
                 "every row of _prisma_migrations is rolled back, and yet there are objects",
                 observation.objects,
                 {"look at what is there: ballast schema check",
                  "go on migration by migration: ballast deploy --strategy history"}});
}

Decision DecideRelease(const ApplyRelease& release, const Observation& observation,
                       const Policy& policy) {
  if (!HasLiveRows(observation)) {
    return observation.object_count == 0 ? FreshRelease(release, observation)
                                         : OnlyRolledBack(observation);
  }
  const MigrationRow* baseline = AppliedRow(observation, release.baseline.name);
  if (baseline == nullptr) return UpgradeFromDevelopment(release, observation, policy);
  if (baseline->checksum == release.baseline.checksum) {
    return HotfixesOnly(release, observation, policy);
  }
  if (const auto* previous = PreviousOf(release, observation, baseline->checksum)) {
    return Upgrade(release, *previous, observation, policy);
  }
  for (const release::PreviousRelease& previous : release.previous) {
    if (previous.baseline_checksum == baseline->checksum) return HotfixesLacking(release, previous);
  }
  if (JournalSaysAhead(release, observation, baseline->checksum)) {
    return AheadByJournal(observation, policy);
  }
  if (policy.adopt) return AdoptAndGoOn(release, observation, policy);
  return UnknownBaseline(release, baseline->checksum);
}

// ---- development and history -------------------------------------------------------------------

// The migrations that the baseline does not stand for.
std::vector<release::Migration> Beyond(const DevelopmentBaseline& baseline,
                                       const std::vector<release::Migration>& migrations) {
  const std::set<std::string_view> covered = release::CoveredNames(baseline.coverage);
  std::vector<release::Migration> beyond;
  for (const release::Migration& migration : migrations) {
    if (!covered.contains(migration.name)) beyond.push_back(migration);
  }
  return beyond;
}

// Development keeps a deploy whole where it can; history does as `prisma migrate deploy` does.
ScriptOptions MannerOf(const FollowHistory& intent, std::string reason) {
  return {.reason = std::move(reason), .together = intent.baseline.has_value()};
}

Decision FreshHistory(const FollowHistory& intent, const Observation& observation) {
  Plan plan;
  AddPrerequisites(plan, observation);
  std::vector<release::Migration> beyond;
  if (intent.baseline) {
    beyond = Beyond(*intent.baseline, intent.migrations);
    release::Migration baseline{"baseline.sql", intent.baseline->script, ""};
    plan.steps.push_back(
        {RunScript{std::move(baseline), true, false},
         fmt::format("it stands for {} migrations", intent.baseline->coverage.size())});
    plan.steps.push_back({VerifyCatalog{intent.baseline->fingerprint, true, intent.baseline->rows},
                          "nothing is committed unless it is the proven one"});
    plan.steps.push_back(
        {InsertResolvedRows{intent.baseline->coverage}, "the baseline covers them"});
  }
  const std::vector<release::Migration>& scripts = intent.baseline ? beyond : intent.migrations;
  Decision decision;
  decision.found = Found::kFresh;
  decision.pending = NamesOf(scripts);
  if (const release::Migration* missing = FirstWithoutScript(scripts)) {
    decision.answer = MissingScript(*missing);
    return decision;
  }
  ScriptOptions manner = MannerOf(intent, "");
  manner.fresh = !intent.baseline;
  AddScripts(plan, scripts, manner);
  if (plan.steps.empty()) decision.found = Found::kCurrent;
  decision.answer = std::move(plan);
  return decision;
}

bool OnReleaseLedger(const FollowHistory& intent, const Observation& observation) {
  if (!IsApplied(observation, "0_baseline")) return false;
  return std::none_of(intent.migrations.begin(), intent.migrations.end(),
                      [](const release::Migration& m) { return m.name == "0_baseline"; });
}

Decision DecideHistory(const FollowHistory& intent, const Observation& observation,
                       const Policy& policy) {
  if (!HasLiveRows(observation) && observation.object_count == 0) {
    return FreshHistory(intent, observation);
  }
  if (OnReleaseLedger(intent, observation)) return FollowFromRelease(intent, observation);
  return DecideByPending(PendingOf(intent.migrations, observation),
                         UnknownNames(observation, intent.migrations, {}),
                         MannerOf(intent, "pending"), policy);
}

Decision DecideAtRest(const Intent& intent, const Observation& observation, const Policy& policy) {
  if (auto decision = DecideInCommon(intent, observation, policy)) return std::move(*decision);
  if (const auto* release = std::get_if<ApplyRelease>(&intent)) {
    return DecideRelease(*release, observation, policy);
  }
  return DecideHistory(std::get<FollowHistory>(intent), observation, policy);
}

}  // namespace

Decision Decide(const Intent& intent, const Observation& observation, const Policy& policy) {
  const std::optional<Resumption> resumption = Resume(intent, observation);
  Decision decision =
      DecideAtRest(intent, resumption ? resumption->observation : observation, policy);
  auto* plan = std::get_if<Plan>(&decision.answer);
  if (plan == nullptr) return decision;
  AddIndexDrops(*plan, observation);
  if (auto too_old = TooOldFor(*plan, observation.server)) {
    decision.answer = *std::move(too_old);
    return decision;
  }
  if (!resumption) return decision;
  plan->steps.insert(plan->steps.begin(), resumption->step);
  if (decision.found == Found::kCurrent) decision.found = Found::kBehind;
  decision.notices.insert(decision.notices.begin(), resumption->notice);
  return decision;
}

bool WantsComparison(const Intent& intent, const Observation& observation) {
  if (!FailedRows(observation).empty()) return false;
  if (observation.rows.empty()) return observation.object_count > 0;
  const auto* release = std::get_if<ApplyRelease>(&intent);
  if (release == nullptr) return false;
  const MigrationRow* baseline = AppliedRow(observation, release->baseline.name);
  if (baseline == nullptr || baseline->checksum == release->baseline.checksum) return false;
  return std::none_of(release->previous.begin(), release->previous.end(),
                      [&](const release::PreviousRelease& previous) {
                        return previous.baseline_checksum == baseline->checksum;
                      });
}

bool NeedsHistory(const Intent& intent, const Observation& observation) {
  if (!observation.compared.empty()) {
    const auto chosen = StateToAdopt(observation);
    const auto* state = std::get_if<ComparedState>(&chosen);
    return state != nullptr && NeedsHistory(intent, WithRowsOf(*state, observation));
  }
  const auto* release = std::get_if<ApplyRelease>(&intent);
  if (release == nullptr || !HasLiveRows(observation)) return false;
  const MigrationRow* baseline = AppliedRow(observation, release->baseline.name);
  return baseline == nullptr || baseline->checksum != release->baseline.checksum;
}

}  // namespace ballast::plan
