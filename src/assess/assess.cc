// SPDX-License-Identifier: Apache-2.0
#include "assess/assess.h"

#include "apply/verify_catalog.h"
#include "assess/extension_privileges.h"
#include "assess/fixed_schema.h"
#include "assess/history_points.h"
#include "assess/known_state_comparison.h"
#include "assess/obstacles.h"
#include "plan/adoption.h"
#include "plan/planner.h"
#include "postgres/create_database.h"
#include "project/platform.h"

namespace ballast::assess {
namespace {

// Unpacking the covered migrations takes time, so it is done only if the decision needs them.
Status AddHistory(const project::Artifacts& artifacts, const plan::Observation& observation,
                  const plan::Policy& policy, plan::Intent& intent) {
  if (!plan::NeedsHistory(intent, observation, policy)) return {};
  auto& release = std::get<plan::ApplyRelease>(intent);
  if (!release.history.empty()) return {};  // loaded already, perhaps for several threads
  TRY_ASSIGN(release.history, project::CoveredMigrations(artifacts));
  return {};
}

// For a package without the proven snapshot: only whether the fingerprints are equal.
Result<CatalogComparison> CompareFingerprints(const release::FingerprintRecord& expected,
                                              const std::string& schema,
                                              postgres::Session& session) {
  TRY_ASSIGN(const catalog::Snapshot live,
             apply::ReadLive(session, expected, schema, expected.scope));
  CatalogComparison comparison{expected.catalog, catalog::Fingerprint(live), {}};
  if (comparison.actual != comparison.expected) {
    comparison.differences = {"the live catalog differs from the proven one"};
  }
  return comparison;
}

CatalogComparison ComparisonOf(const LiveState& live, const release::FingerprintRecord& expected,
                               bool allow_drift) {
  const bool as_proven = live.found.drift.empty() && live.found.ignored.empty();
  return {expected.catalog, as_proven ? expected.catalog : catalog::Fingerprint(live.before.live),
          allow_drift ? std::vector<std::string>() : DescribeDrift(live)};
}

// The record with which the deploy ends or would have ended; null if nothing is compared.
const release::FingerprintRecord* ExpectedAfter(const plan::Intent& intent,
                                                const AssessOptions& options,
                                                const Assessment& assessment) {
  const plan::Decision& decision = assessment.decision;
  if (decision.found == plan::Found::kCurrent && decision.plan() != nullptr &&
      decision.plan()->empty()) {
    return options.compare_current || options.policy.strict ? plan::ProvenEnd(intent) : nullptr;
  }
  const bool empty = decision.found == plan::Found::kFresh && !assessment.observation.has_others;
  return decision.plan() == nullptr || empty ? nullptr : ProvenAfter(*decision.plan());
}

// Whether the plan is an upgrade of one transaction that ends with the server's own comparison.
bool EndsWithServerComparison(const Assessment& assessment,
                              const release::FingerprintRecord& expected) {
  const plan::Decision& decision = assessment.decision;
  if (decision.found != plan::Found::kBehind || decision.plan() == nullptr) return false;
  const std::vector<plan::Transaction>& transactions = decision.plan()->transactions;
  return transactions.size() == 1 && transactions[0].mode == plan::ScriptMode::kInTransaction &&
         plan::VerifyOf(transactions[0]) != nullptr &&
         apply::ServerCanCompare(expected, assessment.observation.server.major);
}

// Additions that the deploy would collide with, or drop.
Status FindObstacles(const project::Artifacts& artifacts,
                     const release::FingerprintRecord& expected, postgres::Session& session,
                     Assessment& assessment) {
  TRY_ASSIGN(const catalog::Snapshot after, project::ProvenSnapshot(artifacts, expected.catalog));
  if (auto refusal = RefuseNamesInTheWay(*assessment.live, after)) {
    assessment.decision.answer = *std::move(refusal);
    return {};
  }
  TRY_ASSIGN(std::vector<std::string> probable,
             ProbableObstacles(*assessment.live, after, assessment.observation.schema, session));
  std::vector<std::string>& notices = assessment.decision.notices;
  notices.insert(notices.end(), probable.begin(), probable.end());
  for (const std::string& name :
       DroppedAdditions(*assessment.live, *assessment.decision.plan(), after)) {
    notices.push_back(name + " will be dropped with the object that it belongs to");
  }
  return {};
}

DriftPolicy DriftPolicyOf(const AssessOptions& options, const plan::Decision& decision) {
  return {options.policy.allow_drift, options.policy.strict, decision.unknown};
}

// Newer migrations after the development baseline lead to a state that is not proven. The state
// before them is, if the database has the rows of the baseline.
Status AssessBefore(const project::ProjectContext& context, project::Artifacts& artifacts,
                    const plan::Intent& intent, postgres::Session& session,
                    const AssessOptions& options, Assessment& assessment) {
  plan::Decision& decision = assessment.decision;
  const auto* history = std::get_if<plan::FollowHistory>(&intent);
  if (history == nullptr || !history->baseline) return {};
  if (decision.found != plan::Found::kBehind || decision.plan() == nullptr) return {};
  TRY_ASSIGN(const std::vector<ProvenState> states, ProvenStatesOf(intent, artifacts));
  const ProvenState* state = StateByRows(states, assessment.observation);
  if (state == nullptr || !catalog::IsKnown(state->snapshot, state->state.record.catalog))
    return {};
  catalog::ComparisonRules rules = RulesOf(context, artifacts);
  rules.allow_drift = options.policy.allow_drift;
  TRY_ASSIGN(assessment.live, AssessLiveState(intent, artifacts, session, assessment.observation,
                                              decision, state->state.record, rules));
  if (!assessment.live) return {};
  const DriftPolicy policy = DriftPolicyOf(options, decision);
  if (auto refusal = RefuseDrift(*assessment.live, policy)) decision.answer = *std::move(refusal);
  return {};
}

// Drift is found before the first step and becomes the refusal of the decision.
Status AssessLive(const project::ProjectContext& context, project::Artifacts& artifacts,
                  const plan::Intent& intent, postgres::Session& session,
                  const AssessOptions& options, Assessment& assessment) {
  const release::FingerprintRecord* expected = ExpectedAfter(intent, options, assessment);
  if (expected == nullptr) {
    return AssessBefore(context, artifacts, intent, session, options, assessment);
  }
  assessment.relied_on_end =
      options.relies_on_end && EndsWithServerComparison(assessment, *expected);
  if (assessment.relied_on_end) return {};
  plan::Decision& decision = assessment.decision;
  catalog::ComparisonRules rules = RulesOf(context, artifacts);
  rules.allow_drift = options.policy.allow_drift;
  TRY_ASSIGN(assessment.live, AssessLiveState(intent, artifacts, session, assessment.observation,
                                              decision, *expected, rules));
  if (decision.found == plan::Found::kCurrent) {
    if (assessment.live) {
      assessment.comparison = ComparisonOf(*assessment.live, *expected, options.policy.allow_drift);
      const DriftPolicy policy = DriftPolicyOf(options, decision);
      auto refusal = policy.strict ? RefuseDrift(*assessment.live, policy) : std::nullopt;
      if (refusal) decision.answer = *std::move(refusal);
    } else {
      TRY_ASSIGN(assessment.comparison,
                 CompareFingerprints(*expected, assessment.observation.schema, session));
    }
    return {};
  }
  if (!assessment.live) return {};
  if (decision.found == plan::Found::kFresh) {
    TRY_ASSIGN(const catalog::Snapshot proven,
               project::ProvenSnapshot(artifacts, expected->catalog));
    if (auto refusal = RefuseConflictingNames(*assessment.live, proven)) {
      decision.answer = *std::move(refusal);
      if (!options.policy.adopt) return {};
      // It was to be adopted, and fits no state.
      auto adopted = plan::StateToAdopt(assessment.observation, options.policy);
      if (auto* unfit = std::get_if<plan::Refusal>(&adopted)) decision.answer = std::move(*unfit);
      return {};
    }
  }
  const DriftPolicy policy = DriftPolicyOf(options, decision);
  if (auto refusal = RefuseDrift(*assessment.live, policy)) {
    decision.answer = *std::move(refusal);
    return {};
  }
  if (decision.found == plan::Found::kFresh) return {};
  return FindObstacles(artifacts, *expected, session, assessment);
}

postgres::ObserveOptions ObserveSettings(const project::ProjectContext& context,
                                         const project::Artifacts& artifacts,
                                         const plan::Intent& intent, const AssessOptions& options) {
  postgres::ObserveOptions observe = options.observe;
  observe.schemas = project::FurtherSchemas(context, intent);
  observe.datasource_schemas = context.project.datasource.schemas;
  observe.provided = project::PlatformNames(context, artifacts);
  return observe;
}

// The assessment of a database whose rows suffice to see that nothing is to do; else empty.
Result<std::optional<Assessment>> CurrentByRows(const plan::Intent& intent,
                                                postgres::Session& session,
                                                const plan::Policy& policy) {
  TRY_ASSIGN(std::optional<plan::Observation> rows, postgres::ObserveRows(session));
  if (!rows || !plan::HasLiveRows(*rows) || !plan::FailedRows(*rows).empty()) {
    return std::optional<Assessment>();
  }
  Assessment assessment;
  assessment.observation = *std::move(rows);
  assessment.decision = plan::Decide(intent, assessment.observation, policy);
  const plan::Plan* plan = assessment.decision.plan();
  const bool current = assessment.decision.found == plan::Found::kCurrent;
  if (!current || plan == nullptr || !plan->empty()) return std::optional<Assessment>();
  return std::optional<Assessment>(std::move(assessment));
}

}  // namespace

Result<Assessment> Assess(const project::ProjectContext& context, project::Artifacts& artifacts,
                          plan::Intent& intent, postgres::Session& session,
                          const AssessOptions& options, Progress& progress) {
  if (options.rows_first && !options.compare_current && !options.policy.strict) {
    TRY_ASSIGN(auto current, CurrentByRows(intent, session, options.policy));
    if (current) return *std::move(current);
  }
  Assessment assessment;
  TRY_ASSIGN(
      assessment.observation,
      postgres::Observe(session, ObserveSettings(context, artifacts, intent, options), progress));
  plan::Observation& observation = assessment.observation;
  TRY(CompareStates(intent, artifacts, session, RulesOf(context, artifacts), options.policy,
                    observation));
  if (plan::NeedsHistoryPoints(intent, observation, options.policy)) {
    TRY(CompareWithPoints(context, intent, artifacts, session, observation, progress));
  }
  TRY(AddHistory(artifacts, observation, options.policy, intent));
  TRY(project::InspectStepInProgress(intent, session, observation));
  TRY(InspectFailures(intent, artifacts, session, observation));
  assessment.failures = FailureLines(observation);
  assessment.decision = plan::Decide(intent, observation, options.policy);
  // Otherwise the deploy knows what to do.
  if (assessment.decision.Refused()) assessment.nearest = plan::DescribeNearest(observation);
  TRY_ASSIGN(auto fixed, RefuseFixedSchema(intent, artifacts, observation, assessment.decision));
  if (fixed) assessment.decision.answer = *std::move(fixed);
  TRY(AssessLive(context, artifacts, intent, session, options, assessment));
  const plan::Plan* plan = assessment.decision.plan();
  if (plan != nullptr && !options.policy.only_observes) {
    TRY_ASSIGN(auto refusal, CheckExtensionPrivileges(*plan, observation, session));
    if (refusal) assessment.decision.answer = *std::move(refusal);
  }
  return assessment;
}

Result<Assessment> AssessMissing(const project::ProjectContext& context,
                                 const project::Artifacts& artifacts, const plan::Intent& intent,
                                 const postgres::Target& target, const AssessOptions& options,
                                 Progress& progress) {
  Assessment assessment;
  TRY_ASSIGN(assessment.observation,
             postgres::ObserveMissing(
                 target, {}, ObserveSettings(context, artifacts, intent, options), progress));
  assessment.decision = plan::Decide(intent, assessment.observation, options.policy);
  TRY_ASSIGN(auto fixed,
             RefuseFixedSchema(intent, artifacts, assessment.observation, assessment.decision));
  if (fixed) assessment.decision.answer = *std::move(fixed);
  return assessment;
}

}  // namespace ballast::assess
