// SPDX-License-Identifier: Apache-2.0
#include "assess/examine_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "apply/row_trial.h"
#include "apply/verify_catalog.h"
#include "assess/default_privileges.h"
#include "assess/extension_privileges.h"
#include "assess/fixed_schema.h"
#include "assess/known_state_comparison.h"
#include "assess/obstacles.h"
#include "assess/other_objects.h"
#include "assess/script_obstacles.h"
#include "assess/unowned_tables.h"
#include "assess/unreachable_extensions.h"
#include "base/text.h"
#include "catalog/object_identity.h"
#include "plan/adoption.h"
#include "plan/failed_migrations.h"
#include "plan/follow_squash.h"
#include "plan/script_settings.h"
#include "plan/server_refusals.h"
#include "plan/steps.h"
#include "project/platform.h"
#include "sql/script_needs.h"

namespace ballast::assess {
namespace {

// The record with which the deploy ends or would have ended; null if nothing is compared.
const release::FingerprintRecord* ExpectedAfter(const plan::Intent& intent,
                                                const AssessOptions& options,
                                                const Assessment& assessment) {
  const plan::Decision& decision = assessment.decision;
  if (decision.IsCurrent()) {
    const bool compares = options.purpose != Purpose::kDeploy || options.policy.strict;
    return compares ? plan::ProvenEnd(intent) : nullptr;
  }
  const bool empty = decision.found == plan::Found::kFresh && !assessment.observation.has_others &&
                     !assessment.observation.has_outside;
  return decision.plan() == nullptr || empty ? nullptr : plan::ProvenAfter(*decision.plan());
}

// Whether the plan is an upgrade of one transaction that ends with the server's own comparison.
bool EndsWithServerComparison(const Assessment& assessment,
                              const release::FingerprintRecord& expected) {
  const plan::Decision& decision = assessment.decision;
  if (decision.found != plan::Found::kBehind || decision.plan() == nullptr) return false;
  const std::vector<plan::Transaction>& transactions = decision.plan()->transactions;
  return expected.dated_partitions_of.empty() && transactions.size() == 1 &&
         transactions[0].mode == plan::ScriptMode::kInTransaction &&
         plan::VerifyOf(transactions[0]) != nullptr &&
         apply::ComparerOf(expected, assessment.observation.server.major,
                           apply::Comparer::kServerOnly) == apply::Comparer::kServerOnly;
}

class PlanExamination {
 public:
  PlanExamination(const project::ProjectContext& context, project::Artifacts& artifacts,
                  const plan::Intent& intent, postgres::Session& session,
                  const AssessOptions& options, Assessment& assessment)
      : context_(context),
        artifacts_(artifacts),
        intent_(intent),
        session_(session),
        options_(options),
        assessment_(assessment) {}

  Result<plan::PlanFindings> Examine() {
    TRY_ASSIGN(plan::PlanFindings findings, ExaminePlanOfMissing(artifacts_, intent_, assessment_));
    if (findings.fixed_schema) return findings;
    const release::FingerprintRecord* expected = ExpectedAfter(intent_, options_, assessment_);
    if (expected == nullptr) {
      TRY(CompareBefore());
    } else {
      TRY(CompareWith(*expected));
    }
    if (assessment_.live) findings.comparison = &assessment_.live->comparison;
    TRY(FindObstacles(expected, findings));
    const plan::Plan* plan = Decision().plan();
    if (plan != nullptr) TRY(CompareOutsideObjects(*plan, findings));
    if (plan != nullptr) TRY(AddDefaultPrivileges(findings));
    if (plan != nullptr && LooksForExtensions()) {
      TRY_ASSIGN(auto unreachable, UnreachableExtensions(*plan, session_));
      plan::AddNotices(plan::NoticeKind::kRisk, std::move(unreachable), findings.notices);
    }
    if (plan != nullptr && assessment_.comparer != apply::Comparer::kServerOnly) {
      plan::AddNotices(plan::NoticeKind::kCondition,
                       plan::DescribeSettings(*plan, assessment_.observation.server),
                       findings.notices);
    }
    if (plan != nullptr && !options_.policy.only_observes) {
      TRY_ASSIGN(findings.forbidden_extensions,
                 FindForbiddenExtensions(*plan, assessment_.observation, session_));
      TRY_ASSIGN(findings.unowned_tables,
                 FindUnownedTables(*plan, assessment_.observation, session_));
      TRY(TryRows(*plan, findings));
    }
    return findings;
  }

 private:
  const plan::Decision& Decision() const { return assessment_.decision; }

  Status ReadLiveState(const release::FingerprintRecord& expected) {
    const LiveStateReader reader(context_, artifacts_, intent_, options_.policy.allow_drift);
    TRY_ASSIGN(assessment_.live,
               reader.Read(session_, assessment_.observation, Decision(), expected));
    // The server hashes all partitions, also those that depend on the date.
    const bool dated = !expected.dated_partitions_of.empty();
    if (assessment_.live && (dated || !assessment_.live->comparison.objects.Equal())) {
      assessment_.comparer = apply::Comparer::kBallast;
    }
    return {};
  }

  Status CompareWith(const release::FingerprintRecord& expected) {
    if (options_.shortcuts.relies_on_end && EndsWithServerComparison(assessment_, expected)) {
      assessment_.comparer = apply::Comparer::kServerOnly;
      return {};
    }
    TRY(ReadLiveState(expected));
    if (Decision().found != plan::Found::kCurrent) return {};
    if (assessment_.live) {
      assessment_.comparison = ComparisonOf(*assessment_.live, expected);
      return {};
    }
    TRY_ASSIGN(assessment_.comparison, CompareFingerprints(expected));
    return {};
  }

  CatalogComparison ComparisonOf(const LiveState& live,
                                 const release::FingerprintRecord& expected) const {
    const catalog::ManagedComparison& objects = live.comparison.objects;
    const bool as_proven = objects.drift.empty() && objects.ignored.empty();
    return {expected.catalog, as_proven ? expected.catalog : catalog::Fingerprint(live.before.live),
            options_.policy.allow_drift ? std::vector<std::string>() : DescribeDrift(live)};
  }

  // For a package without the proven snapshot: only whether the fingerprints are equal.
  Result<CatalogComparison> CompareFingerprints(const release::FingerprintRecord& expected) {
    TRY_ASSIGN(const catalog::Snapshot live,
               apply::ReadLive(session_, expected, assessment_.observation.schema, expected.scope));
    CatalogComparison comparison{expected.catalog, catalog::Fingerprint(live), {}};
    if (comparison.actual != comparison.expected) {
      comparison.differences = {"the live catalog differs from the proven one"};
    }
    return comparison;
  }

  // Where the state after the plan is not proven, as after migrations of a history, the state
  // before it can be: the one whose rows the database has.
  Status CompareBefore() {
    const auto* history = std::get_if<plan::FollowHistory>(&intent_);
    if (history == nullptr) return {};
    const bool behind = Decision().found == plan::Found::kBehind && Decision().plan() != nullptr;
    const bool current =
        Decision().IsCurrent() && (options_.purpose != Purpose::kDeploy || options_.policy.strict);
    if (!behind && !current) return {};
    TRY_ASSIGN(const std::vector<ProvenState> states, StatesWithRows(intent_, artifacts_));
    const ProvenState* state = StateByRows(states, assessment_.observation);
    if (state == nullptr) {
      // Marked as applied by `resolve`, a squash has its row next to those that it replaces.
      state = StateByRows(states, plan::WithoutRows(plan::NamesOf(plan::SquashedNames(*history)),
                                                    assessment_.observation));
    }
    if (state != nullptr && state->snapshot) TRY(CompareWith(state->state.record));
    const bool known = assessment_.live && !assessment_.live->comparison.state.empty();
    if (known || !options_.policy.strict) return {};
    if (!assessment_.live) assessment_.live.emplace();
    assessment_.live->comparison.undetermined =
        "no proven state is known that has the rows of the database";
    return {};
  }

  // A deploy to a fresh database does not spend a round trip on it, because its error would name
  // the extension, too.
  bool LooksForExtensions() const {
    return options_.purpose != Purpose::kDeploy ||
           (Decision().found != plan::Found::kFresh &&
            assessment_.comparer != apply::Comparer::kServerOnly);
  }

  Status CompareOutsideObjects(const plan::Plan& plan, plan::PlanFindings& findings) {
    TRY_ASSIGN(std::vector<plan::OtherObject> others,
               FindOtherObjects(plan, intent_, artifacts_, session_));
    const std::vector<std::string>& ignored = context_.project.config.ignore;
    std::erase_if(others, [&](const plan::OtherObject& other) {
      if (!other.exists && options_.policy.only_observes) return true;
      const std::string name = sql::NameOf(plan::SoughtOf(other.object));
      return catalog::IsCovered(catalog::RefOf(other.object.kind, name), ignored);
    });
    findings.other_objects = std::move(others);
    return {};
  }

  // What the plan would collide with, or drop.
  Status FindObstacles(const release::FingerprintRecord* expected, plan::PlanFindings& findings) {
    if (Decision().plan() == nullptr || Decision().plan()->empty()) return {};
    if (assessment_.comparer == apply::Comparer::kServerOnly) return {};
    LiveState* live = assessment_.live ? &*assessment_.live : nullptr;
    catalog::SharedSnapshot known_after;
    if (live != nullptr && expected != nullptr) {
      TRY_ASSIGN(known_after, project::ProvenSnapshot(artifacts_, expected->catalog));
    }
    const catalog::Snapshot none;
    const catalog::Snapshot& after = known_after ? *known_after : none;
    if (Decision().found == plan::Found::kFresh && live != nullptr && expected != nullptr) {
      findings.conflicting_names = catalog::ConflictingNames(after, live->before.live);
    }
    ScriptObstacles found;
    if (MayHaveObstacles(live)) {
      const bool known = live != nullptr && live->before.proven;
      const auto conflicts = live != nullptr && expected != nullptr
                                 ? NameConflictsOf(*live, after)
                                 : std::vector<catalog::NameConflict>();
      KnownObjects objects{known ? &*live->before.proven : nullptr,
                           conflicts,
                           [&] { return AppliedObjects(intent_, assessment_.observation); },
                           {}};
      if (expected == nullptr && !options_.policy.allow_drift) {
        objects.may_be_ours = [&](const std::string& name) {
          return MayHaveMade(intent_, assessment_.observation, name);
        };
      }
      TRY_ASSIGN(found, FindScriptObstacles(*Decision().plan(), assessment_.observation.schema,
                                            objects, !options_.policy.only_observes, session_));
      findings.names_in_the_way = std::move(found.names);
      findings.partitions_in_the_way = std::move(found.partitions);
      findings.dependents_in_the_way = std::move(found.dependents);
      findings.notices = std::move(found.notices);
      findings.scripts_were_read = found.complete;
    }
    if (live == nullptr) return {};
    if (expected == nullptr) {
      live->comparison.is_named_by_scripts = AreNamedByScripts(live->comparison);
      return {};
    }
    return FindProbableObstacles(after, found, *live, findings);
  }

  // Whether a pending script names every object that drifts.
  bool AreNamedByScripts(const plan::StateComparison& comparison) const {
    std::vector<std::string> scripts;
    for (const plan::Step* step : plan::StepsOf(*Decision().plan())) {
      const auto* run = std::get_if<plan::RunScript>(&step->act);
      if (run != nullptr) scripts.push_back(ToLowerAscii(run->Script()));
    }
    return std::ranges::all_of(comparison.objects.drift, [&](const catalog::Difference& drift) {
      const std::string name = catalog::PartsOf(drift.identity).back();
      return std::ranges::any_of(
          scripts, [&](const std::string& script) { return sql::ContainsWord(script, name); });
    });
  }

  // A fresh database: all that the release has is made here.
  Status AddDefaultPrivileges(plan::PlanFindings& findings) {
    const plan::Observation& observation = assessment_.observation;
    if (Decision().found != plan::Found::kFresh || !observation.has_outside) return {};
    if (!project::PlatformNames(context_, artifacts_).empty()) return {};
    TRY_ASSIGN(auto opening, OpeningDefaultPrivileges(observation.schema, session_));
    plan::AddNotices(plan::NoticeKind::kCondition, std::move(opening), findings.notices);
    return {};
  }

  Status TryRows(const plan::Plan& plan, plan::PlanFindings& findings) {
    const plan::Observation& observation = assessment_.observation;
    if (!observation.altered_migrations_table) return {};
    if (plan::CannotRecord(plan, observation.server)) return {};  // which is refused
    TRY_ASSIGN(findings.unstored_row, apply::TryRows(plan, observation, session_));
    return {};
  }

  // Nothing can be in the way of a plan where everything is as proven, or nothing exists. What an
  // unqualified name means is not known with several schemas on the search_path.
  bool MayHaveObstacles(const LiveState* live) const {
    if (!assessment_.observation.other_current_schema.empty()) return false;
    if (!plan::FailedRows(assessment_.observation).empty()) return false;
    if (Decision().found == plan::Found::kFresh && !assessment_.observation.has_others) {
      return false;
    }
    return live == nullptr || !live->before.proven || !live->comparison.objects.Equal();
  }

  Status FindProbableObstacles(const catalog::Snapshot& after, const ScriptObstacles& found,
                               LiveState& live, plan::PlanFindings& findings) {
    if (Decision().found == plan::Found::kFresh) return {};
    TRY_ASSIGN(const auto probable, ProbableObstacles(live, after, assessment_.observation.schema,
                                                      found.handled, session_));
    findings.notices.insert(findings.notices.end(), probable.begin(), probable.end());
    // Where the scripts were read to their end, they show what goes.
    if (!found.complete)
      live.comparison.dropped = DroppedAdditions(live, *Decision().plan(), after);
    for (const std::string& name : live.comparison.dropped) {
      findings.notices.push_back(
          {plan::NoticeKind::kLoss, "with the object that it belongs to", name});
    }
    AddLostWithOthers(after, found, live, findings);
    for (const catalog::Difference& addition : live.comparison.objects.additions) {
      const catalog::ObjectKey object{addition.kind, addition.identity};
      const bool dropped =
          addition.change == catalog::ChangeKind::kExtra &&
          std::find(found.dropped.begin(), found.dropped.end(), object) != found.dropped.end();
      if (dropped) live.comparison.dropped.push_back(catalog::NameOfAddition(addition));
    }
    return {};
  }

  static void AddLostWithOthers(const catalog::Snapshot& after, const ScriptObstacles& found,
                                LiveState& live, plan::PlanFindings& findings) {
    for (const LostAddition& lost : AdditionsAmong(found.gone, live, after, found.dropped)) {
      live.comparison.dropped.push_back(lost.name);
      const std::string with = lost.made_again.empty()
                                   ? "with the object that it belongs to"
                                   : fmt::format("with {}, which {} drops and creates again",
                                                 lost.made_again, lost.migration);
      findings.notices.push_back({plan::NoticeKind::kLoss, with, lost.name});
    }
  }

  const project::ProjectContext& context_;
  project::Artifacts& artifacts_;
  const plan::Intent& intent_;
  postgres::Session& session_;
  const AssessOptions& options_;
  Assessment& assessment_;
};

}  // namespace

Result<plan::PlanFindings> ExaminePlan(const project::ProjectContext& context,
                                       project::Artifacts& artifacts, const plan::Intent& intent,
                                       postgres::Session& session, const AssessOptions& options,
                                       Assessment& assessment) {
  return PlanExamination(context, artifacts, intent, session, options, assessment).Examine();
}

Result<plan::PlanFindings> ExaminePlanOfMissing(const project::Artifacts& artifacts,
                                                const plan::Intent& intent,
                                                const Assessment& assessment) {
  plan::PlanFindings findings;
  if (!plan::UsesBaseline(intent, assessment.decision)) return findings;
  TRY_ASSIGN(findings.fixed_schema,
             OtherSchemaThan(assessment.observation.schema, intent, artifacts));
  return findings;
}

}  // namespace ballast::assess
