// SPDX-License-Identifier: Apache-2.0
#include "plan/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "plan/adoption.h"
#include "plan/conversion_state.h"
#include "plan/failed_migrations.h"
#include "plan/follow_squash.h"
#include "plan/limit.h"
#include "plan/newer_release.h"
#include "plan/other_project.h"
#include "plan/plan_builder.h"
#include "plan/restore_kept_data.h"
#include "plan/resume.h"
#include "plan/server_refusals.h"
#include "plan/steps.h"
#include "plan/unseen_changes.h"
#include "plan/unusable_script.h"
#include "plan/upgrade.h"
#include "release/coverage.h"
#include "release/package.h"
#include "release/replaced_bytes.h"

namespace ballast::plan {
namespace {

using Answer = std::variant<Decision, Need>;

Answer DecideAtRest(const Intent& intent, const Observation& observation, const Policy& policy);

// What is still to be compared before a known state can be chosen for the database.
std::optional<Need> NeedOfChoice(const Observation& observation) {
  if (observation.compared_with == Compared::kNothing) return Need::kComparison;
  const bool enough =
      observation.compared_with == Compared::kAllStates || EqualsKnownState(observation);
  return enough ? std::nullopt : std::optional(Need::kHistoryPoints);
}

bool LacksHistory(const Intent& intent) {
  const auto* release = std::get_if<ApplyRelease>(&intent);
  return release != nullptr && !release->history;
}

// B506 if the catalog does not show whether all that the state covers has run, and the user has not
// said so.
std::optional<Answer> RefuseUnseen(const Intent& intent, const ComparedState& state,
                                   const Observation& observation, const Policy& policy,
                                   const std::vector<std::string>& foreign, Found found) {
  if (policy.adopts_named) return std::nullopt;
  auto unseen = UnseenRowChanges(intent, state, observation, foreign);
  if (const auto* need = std::get_if<Need>(&unseen)) return *need;
  auto& names = std::get<std::vector<std::string>>(unseen);
  if (names.empty()) return std::nullopt;
  return Refuse(found, RefuseUnseenRowChanges(intent, state, std::move(names)));
}

// A catalog has no roles.
void NameUncompared(const Intent& intent, const ComparedState& state, Decision& decision) {
  const std::vector<std::string> names = UncomparedServerChanges(intent, state);
  if (names.empty()) return;
  decision.notices.push_back(
      {NoticeKind::kCondition,
       fmt::format("roles, and what else belongs to the server, were not compared: {} {} recorded "
                   "as run without having been seen there",
                   JoinSome(names), names.size() == 1 ? "is" : "are")});
}

// Records the state of the database; later steps run in the same plan.
Answer AdoptAndContinue(const Intent& intent, const Observation& observation,
                        const Policy& policy) {
  const Found found = observation.rows.empty() ? Found::kNotManaged : Found::kUnknown;
  auto chosen = StateToAdopt(observation, policy);
  if (auto* refusal = std::get_if<Refusal>(&chosen)) {
    return Refuse(found, std::move(*refusal));
  }
  if (LacksHistory(intent)) return Need::kHistory;
  const ComparedState& state = std::get<ComparedState>(chosen);
  if (auto unseen = RefuseUnseen(intent, state, observation, policy, {}, found)) {
    return *std::move(unseen);
  }
  Answer answer = DecideAtRest(intent, WithRowsOf(state, observation), policy);
  auto* decision = std::get_if<Decision>(&answer);
  if (decision == nullptr) return answer;
  decision->found = found;
  if (auto* rest = std::get_if<Plan>(&decision->answer)) {
    decision->adopted = state.name;
    AddAdoption(*rest, state, observation);
    decision->notices.insert(decision->notices.begin(), {NoticeKind::kFound, DescribeMatch(state)});
    NameUncompared(intent, state, *decision);
  }
  return answer;
}

// Replaces rows of deleted migrations, or of an unknown release, by those of the known state that
// the database equals; later steps run in the same plan. Empty if it equals none. A release can
// contain more than the state, so its rows are converted without --adopt only if there is nothing
// else.
std::optional<Answer> ConvertForeignRows(const Intent& intent, const Observation& observation,
                                         const Policy& policy) {
  std::vector<std::string> foreign = ForeignRows(intent, observation);
  if (foreign.empty()) return std::nullopt;
  if (const auto need = NeedOfChoice(observation)) return *need;
  const auto chosen = StateToAdopt(observation, policy);
  if (std::holds_alternative<Refusal>(chosen)) return std::nullopt;  // rows of another project
  const ComparedState& state = std::get<ComparedState>(chosen);
  const bool of_release = IsApplied(observation, release::kBaselineName);
  if (of_release && !state.equal && !policy.adopt) return std::nullopt;
  if (LacksHistory(intent)) return Need::kHistory;
  if (auto unseen =
          RefuseUnseen(intent, state, observation, policy, foreign, Found::kOtherStrategy)) {
    return unseen;
  }
  Observation converted = WithRowsOf(state, WithoutRows(foreign, observation));
  Answer answer = DecideAtRest(intent, converted, policy);
  auto* decision = std::get_if<Decision>(&answer);
  auto* rest = decision == nullptr ? nullptr : std::get_if<Plan>(&decision->answer);
  if (rest != nullptr) {
    decision->found = Found::kOtherStrategy;
    decision->notices.insert(
        decision->notices.begin(),
        {NoticeKind::kPlan,
         fmt::format("{}, so {} of {} ({}) {} converted", DescribeMatch(state),
                     Counted(foreign.size(), "row"),
                     of_release ? "a release that the project does not know" : "deleted migrations",
                     JoinSome(foreign), foreign.size() == 1 ? "is" : "are")});
    decision->unknown = foreign;
    decision->adopted = state.name;
    std::erase(foreign, release::kBaselineName);  // AddAdoption deletes it
    AddAdoption(*rest, state, observation, foreign);
  }
  return answer;
}

// Whether the database has, or contains, a known state. If the target schemas have no table, those
// of the state must be in schemas that the datasource does not name.
bool FitsKnownState(const Observation& observation, const Policy& policy) {
  const auto chosen = StateToAdopt(observation, policy);
  const auto* state = std::get_if<ComparedState>(&chosen);
  return state != nullptr && (observation.object_count > 0 || state->equal || state->objects > 0);
}

// What comes before the strategy: failed rows, a database of another project, and objects without
// rows that count.
std::optional<Answer> DecideInCommon(const Intent& intent, const Observation& observation,
                                     const Policy& policy) {
  if (!FailedRows(observation).empty()) {
    return Refuse(Found::kFailed, FailedMigrations(observation));
  }
  if (auto other = AskOwner(intent, observation, policy)) {
    if (const auto* need = std::get_if<Need>(&*other)) return *need;
    return Refuse(Found::kUnknown, std::get<Refusal>(std::move(*other)));
  }
  if (auto converted = ConvertForeignRows(intent, observation, policy)) return converted;
  if (HasLiveRows(observation)) return std::nullopt;
  const bool not_managed = observation.rows.empty() && observation.object_count > 0;
  if (policy.adopt && (observation.object_count > 0 || observation.has_others)) {
    if (const auto need = NeedOfChoice(observation)) return *need;
    if (not_managed || FitsKnownState(observation, policy)) {
      return AdoptAndContinue(intent, observation, policy);
    }
  }
  if (!not_managed) return std::nullopt;
  if (observation.compared_with == Compared::kNothing) return Need::kComparison;
  return Refuse(Found::kNotManaged, NotEmpty(observation));
}

// The answer, given what is pending and what the project does not know. `end`: the proven catalog
// after all of it, or null.
Decision DecideByPending(const std::vector<release::Migration>& pending,
                         const std::vector<std::string>& unknown, const ScriptOptions& options,
                         const release::FingerprintRecord* end, const Splitting& splitting) {
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
    decision.answer = Plan{};
    decision.notices.push_back(
        {NoticeKind::kAhead,
         fmt::format("the database is ahead: it has {} unknown to this project (the last is {}); "
                     "nothing to do",
                     Counted(unknown.size(), "migration"), unknown.back())});
    return decision;
  }
  decision.found = Found::kBehind;
  if (!unknown.empty()) {
    decision.notices.push_back(
        {NoticeKind::kPlan,
         fmt::format("the database has {} unknown to this project (the last is {})",
                     Counted(unknown.size(), "migration"), unknown.back())});
  }
  PlanBuilder plan(splitting);
  plan.AddScripts(pending, options);
  const bool reaches_end = end != nullptr && unknown.empty();
  if (reaches_end) plan.Verify({*end, false, {}});
  decision.answer = std::move(plan).Build();
  return decision;
}

// ---- release ---------------------------------------------------------------------------------

Decision FreshRelease(const ApplyRelease& release, const Observation& observation,
                      const Policy& policy) {
  Decision decision;
  decision.found = Found::kFresh;
  decision.pending = {release.baseline.name};
  for (const release::Migration& hotfix : release.hotfixes) decision.pending.push_back(hotfix.name);
  PlanBuilder plan(SplittingOf(release, policy));
  plan.AddPrerequisites(observation);
  plan.AddBaseline(release.baseline, true,
                   "it replaces " + Counted(release.coverage.size(), "migration"));
  plan.Verify({release.fingerprint, true, release.rows});
  plan.AddScripts(release.hotfixes, {.reason = "a hotfix of the package"});
  const release::FingerprintRecord* end = ProvenEnd(release);
  if (end != nullptr && !release.hotfixes.empty()) plan.Verify({*end, true, {}});
  decision.answer = std::move(plan).Build();
  return decision;
}

// Hotfixes that were applied with a different script than the one that was proven: a comparison
// shows whether the database has the effect of the proven one, and only then are their rows
// replaced, in the transaction of that comparison.
void ReplaceEditedRows(const ApplyRelease& release, const Observation& observation,
                       Decision& decision) {
  const auto edited = EditedAmong(release.hotfixes, observation);
  if (edited.empty()) return;
  auto* plan = std::get_if<Plan>(&decision.answer);
  if (plan == nullptr || !decision.unknown.empty() || release.with_hotfixes.catalog.empty()) {
    AddNotices(NoticeKind::kPlan, DescribeEdits(release.hotfixes, observation), decision.notices);
    return;
  }
  if (plan->empty()) {
    PlanBuilder comparison{Splitting{}};
    comparison.Verify({release.with_hotfixes, false, {}});
    *plan = std::get<Plan>(std::move(comparison).Build());
  }
  std::vector<Step>& steps = plan->transactions.back().steps;
  steps.push_back({DeleteHistoryRows{NamesOf(edited), ReplacedRows::kOtherScripts}, ""});
  steps.push_back(
      {InsertExecutedRows{release::CoverageOf(edited)}, "the scripts that were proven"});
  decision.found = Found::kBehind;
}

Decision HotfixesOnly(const ApplyRelease& release, const Observation& observation,
                      const Policy& policy) {
  std::vector<release::Migration> known = release.hotfixes;
  known.push_back(release.baseline);
  Decision decision = DecideByPending(
      PendingOf(release.hotfixes, observation), UnknownNames(observation, known, {}),
      {.reason = "a hotfix of the package"}, ProvenEnd(release), SplittingOf(release, policy));
  ReplaceEditedRows(release, observation, decision);
  return decision;
}

// The release is known, but every proven upgrade path from it needs a hotfix that the database
// lacks.
Decision RefuseMissingHotfixes(const ApplyRelease& release,
                               const release::PreviousRelease& previous) {
  std::vector<std::string> evidence;
  for (const release::CoveredMigration& hotfix : previous.hotfixes) {
    evidence.push_back("hotfix " + hotfix.name);
  }
  return Refuse(Found::kUnknown,
                {ErrorCode::kNoUpgradePath,
                 fmt::format("the only proven upgrade path to {} starts at {} with all of its "
                             "hotfixes, and not all of them are applied",
                             release.version, previous.version),
                 std::move(evidence),
                 {fmt::format("deploy the package of {} first, then this one", previous.version)}});
}

Decision UnknownBaseline(const ApplyRelease& release, const Observation& observation,
                         const std::string& checksum) {
  Refusal refusal{
      ErrorCode::kUnknownBaseline,
      fmt::format("the database was deployed from a baseline that release {} does not know",
                  release.version),
      {fmt::format("its {} has checksum {}, this release's has {}", release.baseline.name, checksum,
                   release.baseline.checksum)},
      {"if the database came from a newer release, deploy that one",
       "otherwise deploy the release that it came from, then a release that lists that one under "
       "`previous`",
       "or add it to this release: ballast release create VERSION --from-release PACKAGE"}};
  if (observation.baseline_printed_from_schema) {
    refusal.message =
        "the database was deployed from a baseline that prisma migrate diff printed from the "
        "schema, and a schema does not express everything that the migrations do";
  }
  for (std::string& line : NearestStates(observation)) refusal.evidence.push_back(std::move(line));
  refusal.remedies.push_back(
      "or change the catalog to that of this release (0_baseline/migration.sql has the "
      "definitions), then: ballast deploy --adopt");
  return Refuse(Found::kUnknown, std::move(refusal));
}

// All rows are rolled back, but there are objects: the state cannot be determined.
Decision OnlyRolledBack(const Observation& observation) {
  return Refuse(Found::kUnknown,
                {ErrorCode::kCannotTell,
                 "every row of _prisma_migrations is rolled back, but the database has objects",
                 observation.objects,
                 {"if the database equals a known state, record it: ballast deploy --adopt",
                  "otherwise show the differences: ballast schema check"}});
}

Answer DecideRelease(const ApplyRelease& release, const Observation& observation,
                     const Policy& policy) {
  for (const release::Migration& hotfix : release.hotfixes) {
    if (auto refusal = RefuseEmptyHotfix(hotfix)) {
      return Refuse(Found::kUnknown, *std::move(refusal));
    }
  }
  const bool compared = observation.compared_with != Compared::kNothing;
  if (!HasLiveRows(observation)) {
    if (observation.object_count == 0) return FreshRelease(release, observation, policy);
    if (!compared) return Need::kComparison;
    return OnlyRolledBack(observation);
  }
  const MigrationRow* baseline = AppliedRow(observation, release.baseline.name);
  if (baseline != nullptr && baseline->checksum == release.baseline.checksum) {
    return HotfixesOnly(release, observation, policy);
  }
  if (LacksHistory(release)) return Need::kHistory;
  if (baseline == nullptr) return UpgradeFromDevelopment(release, observation, policy);
  const std::set<std::string_view> applied = AppliedNames(observation);
  if (const auto* previous = PreviousOf(release.previous, applied, baseline->checksum)) {
    return Upgrade(release, *previous, observation, policy);
  }
  for (const release::PreviousRelease& previous : release.previous) {
    if (previous.baseline_checksum == baseline->checksum)
      return RefuseMissingHotfixes(release, previous);
  }
  if (auto ahead = AtNewerRelease(release, observation, baseline->checksum)) {
    return *std::move(ahead);
  }
  if (!compared) return Need::kComparison;
  if (policy.adopt) return AdoptAndContinue(release, observation, policy);
  return UnknownBaseline(release, observation, baseline->checksum);
}

// ---- development and history -------------------------------------------------------------------

// The migrations that the baseline does not cover.
std::vector<release::Migration> Beyond(const DevelopmentBaseline& baseline,
                                       std::span<const release::Migration> migrations) {
  const std::set<std::string_view> covered = release::CoveredNames(baseline.coverage);
  std::vector<release::Migration> beyond;
  for (const release::Migration& migration : migrations) {
    if (!covered.contains(migration.name)) beyond.push_back(migration);
  }
  return beyond;
}

// Development runs a deploy in one transaction if possible; history does as `prisma migrate
// deploy`.
ScriptOptions OptionsOf(const FollowHistory& intent, std::string reason) {
  return {.reason = std::move(reason), .together = intent.baseline.has_value()};
}

// Where branches were merged, migrations may sort before some that the baseline covers. Only a new
// baseline runs all of them in Prisma's order.
std::vector<std::string> DescribeOutOfOrder(const FollowHistory& intent) {
  const std::set<std::string_view> covered = release::CoveredNames(intent.baseline->coverage);
  const std::vector<release::Migration>& all = intent.migrations;
  const auto last = std::find_if(all.rbegin(), all.rend(), [&](const release::Migration& one) {
    return covered.contains(one.name);
  });
  std::vector<std::string> before;
  for (auto one = last; one != all.rend(); ++one) {
    if (!covered.contains(one->name)) before.insert(before.begin(), one->name);
  }
  if (before.empty()) return {};
  return {
      fmt::format("{} {} before {}, which the development baseline covers, so a fresh database "
                  "runs {} after the baseline; to restore the order: ballast baseline create",
                  Join(before, ", "), before.size() == 1 ? "sorts" : "sort", last->name,
                  before.size() == 1 ? "it" : "them")};
}

Decision FreshHistory(const FollowHistory& intent, const Observation& observation,
                      const Policy& policy) {
  Decision decision;
  decision.found = Found::kFresh;
  PlanBuilder plan(SplittingOf(intent, policy));
  plan.AddPrerequisites(observation);
  if (intent.baseline) {
    plan.AddBaseline({"baseline.sql", intent.baseline->script, ""}, false,
                     "it replaces " + Counted(intent.baseline->coverage.size(), "migration"));
    plan.Verify({intent.baseline->fingerprint, true, intent.baseline->rows});
    plan.Add(InsertResolvedRows{intent.baseline->coverage}, "covered by the baseline");
    AddNotices(NoticeKind::kPlan, DescribeOutOfOrder(intent), decision.notices);
  }
  const std::vector<release::Migration> beyond = intent.baseline
                                                     ? Beyond(*intent.baseline, RequestedOf(intent))
                                                     : PendingOf(RequestedOf(intent), observation);
  decision.pending = NamesOf(beyond);
  ScriptOptions options = OptionsOf(intent, "");
  options.fresh = !intent.baseline;
  plan.AddScripts(beyond, options);
  decision.answer = std::move(plan).Build();
  const Plan* built = decision.plan();
  if (built != nullptr && built->empty()) decision.found = Found::kCurrent;
  return decision;
}

Answer DecideHistory(const FollowHistory& intent, const Observation& observation,
                     const Policy& policy) {
  if (!HasLiveRows(observation) && observation.object_count == 0) {
    return FreshHistory(intent, observation, policy);
  }
  if (RowOfRelease(intent, observation) != nullptr) {
    Decision decision = FollowFromRelease(intent, observation, policy);
    if (const auto need = CompareWithAllRows(intent, observation, decision)) return *need;
    return decision;
  }
  if (HasRowsOfSquashed(intent, observation)) return FollowSquash(intent, observation, policy);
  const std::vector<release::Migration> pending = PendingOf(RequestedOf(intent), observation);
  const std::vector<std::string> unknown =
      UnknownNames(observation, intent.migrations, SquashedNames(intent));
  const std::vector<std::string> later = AppliedBeyond(intent, observation);
  if (pending.empty() && !later.empty()) return RefuseBeyondLimit(intent, later, policy);
  Decision decision =
      DecideByPending(pending, unknown, OptionsOf(intent, "pending"),
                      later.empty() ? ProvenEnd(intent) : nullptr, SplittingOf(intent, policy));
  decision.renamed = RenamedAmong(pending, unknown, observation);
  AddNotices(NoticeKind::kPlan, DescribeRenames(decision.renamed), decision.notices);
  AddNotices(NoticeKind::kPlan, DescribeEdits(intent.migrations, observation), decision.notices);
  return decision;
}

// For a database of which no script stopped halfway.
Answer DecideAtRest(const Intent& intent, const Observation& observation, const Policy& policy) {
  if (auto decision = DecideInCommon(intent, observation, policy)) return std::move(*decision);
  if (const auto* release = std::get_if<ApplyRelease>(&intent)) {
    return DecideRelease(*release, observation, policy);
  }
  return DecideHistory(std::get<FollowHistory>(intent), observation, policy);
}

// Whether the plan can create tables and columns again that a rollback has removed. What runs
// after a conversion or an adoption of rows is an upgrade, too.
bool UpgradesTables(const Decision& decision, const Plan& plan) {
  if (decision.found == Found::kBehind) return true;
  if (decision.found == Found::kFresh) return false;
  return HasStep<RunScript>(plan);
}

}  // namespace

std::string_view NameOf(Need need) {
  switch (need) {
    case Need::kComparison:
      return "comparison";
    case Need::kHistoryPoints:
      return "history points";
    case Need::kHistory:
      return "history";
    case Need::kScriptObjects:
      return "script objects";
  }
  return "";
}

namespace {

void NoteReplacedBytes(const Plan& plan, std::vector<Notice>& notices) {
  for (const Step* step : StepsOf(plan)) {
    const auto* run = std::get_if<RunScript>(&step->act);
    if (run == nullptr || run->settings == ScriptSettings::kBaseline) continue;
    AddNotices(NoticeKind::kPlan, release::DescribeReplacedBytes({run->migration}), notices);
  }
}

}  // namespace

Answer Decide(const Intent& intent, const Observation& observation, const Policy& policy) {
  const std::optional<Resumption> resumption = Resume(intent, observation);
  Policy with_split = policy;
  if (resumption && !resumption->script.empty())
    with_split.refused.split.insert(resumption->script);
  Answer answer =
      DecideAtRest(intent, resumption ? resumption->observation : observation, with_split);
  auto* decision = std::get_if<Decision>(&answer);
  auto* plan = decision == nullptr ? nullptr : std::get_if<Plan>(&decision->answer);
  if (plan == nullptr) return answer;
  if (policy.strict && !decision->unknown.empty()) {
    decision->answer = Ahead(decision->unknown);
    decision->notices.clear();
    return answer;
  }
  if (resumption && !resumption->script.empty() && !ContinueScript(*plan, *resumption)) {
    return DecideAtRest(intent, observation, policy);
  }
  AddIndexDrops(*plan, observation);
  NoteReplacedBytes(*plan, decision->notices);
  if (resumption) {
    if (resumption->step) {
      plan->transactions.insert(plan->transactions.begin(), {{}, {*resumption->step}});
    }
    if (decision->found == Found::kCurrent) decision->found = Found::kBehind;
    decision->notices.insert(decision->notices.begin(), {NoticeKind::kPlan, resumption->notice});
  }
  if (observation.has_kept_data && UpgradesTables(*decision, *plan)) {
    AddKeptData(*plan, observation.schema);
  }
  CountReplacedRows(*plan, observation);
  if (auto refusal = CheckServer(*plan, observation, policy)) {
    decision->answer = *std::move(refusal);
    return answer;
  }
  auto no_journal = NoticeOfJournal(observation);
  if (no_journal && !plan->empty() && !policy.only_observes) {
    decision->notices.push_back({NoticeKind::kNoJournal, *std::move(no_journal)});
  }
  return answer;
}

}  // namespace ballast::plan
