// SPDX-License-Identifier: Apache-2.0
#include "assess/assess.h"

#include <utility>

#include "assess/examine_plan.h"
#include "assess/history_points.h"
#include "assess/known_state_comparison.h"
#include "assess/release_elsewhere.h"
#include "assess/script_objects.h"
#include "plan/adoption.h"
#include "plan/planner.h"
#include "plan/review.h"
#include "postgres/create_database.h"
#include "project/platform.h"

namespace ballast::assess {
namespace {

Status AddHistory(const project::ProjectContext& context, const project::Artifacts& artifacts,
                  plan::Intent& intent) {
  auto* release = std::get_if<plan::ApplyRelease>(&intent);
  if (release == nullptr || release->history) return {};  // perhaps shared by several threads
  TRY_ASSIGN(release->history, project::CoveredMigrations(artifacts));
  TRY_ASSIGN(auto squash, project::ReadSquashedHistory(context));
  if (squash && release::Covers(release->coverage, squash->record.name)) {
    release->squash = std::move(squash);
  }
  return {};
}

// What an interrupted or failed script has left; the scripts of the history say what it would do.
Status InspectFailedRows(const project::ProjectContext& context, project::Artifacts& artifacts,
                         plan::Intent& intent, postgres::Session& session,
                         plan::Observation& observation) {
  if (plan::FailedRows(observation).empty()) return {};
  TRY(AddHistory(context, artifacts, intent));
  TRY(project::InspectIndexInProgress(intent, session, observation));
  return InspectFailures(intent, artifacts, session, observation);
}

// Decides, and gets the knowledge that the decision needs.
Result<plan::Decision> DecideWithNeeds(const project::ProjectContext& context,
                                       project::Artifacts& artifacts, plan::Intent& intent,
                                       postgres::Session& session, const plan::Policy& policy,
                                       plan::Observation& observation, Progress& progress) {
  for (;;) {
    auto answer = plan::Decide(intent, observation, policy);
    if (auto* decision = std::get_if<plan::Decision>(&answer)) return std::move(*decision);
    switch (std::get<plan::Need>(answer)) {
      case plan::Need::kComparison:
        TRY(CompareWithKnownStates(intent, artifacts, session, RulesOf(context, artifacts),
                                   observation));
        break;
      case plan::Need::kHistoryPoints:
        TRY(CompareWithPoints(context, intent, artifacts, session, observation, progress));
        break;
      case plan::Need::kHistory:
        TRY(AddHistory(context, artifacts, intent));
        break;
      case plan::Need::kScriptObjects:
        TRY(ReadScriptObjects(intent, session, observation));
        break;
    }
  }
}

postgres::ObserveOptions ObserveSettings(const project::ProjectContext& context,
                                         const project::Artifacts& artifacts,
                                         const plan::Intent& intent, const AssessOptions& options) {
  postgres::ObserveOptions observe = ObserveSettings(context, artifacts, options);
  observe.schemas = project::FurtherSchemas(context, intent);
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
  auto answer = plan::Decide(intent, assessment.observation, policy);
  auto* decision = std::get_if<plan::Decision>(&answer);
  if (decision == nullptr || !decision->IsCurrent()) return std::optional<Assessment>();
  assessment.decision = std::move(*decision);
  return std::optional<Assessment>(std::move(assessment));
}

}  // namespace

AssessOptions::AssessOptions(Purpose purpose, plan::Policy policy, postgres::ObserveOptions observe)
    : purpose(purpose), policy(std::move(policy)), observe(std::move(observe)) {
  this->observe.lock = purpose == Purpose::kDeploy || purpose == Purpose::kDryRun;
  this->policy.only_observes = purpose == Purpose::kServe;
  this->policy.foresees_split = purpose != Purpose::kDeploy;
}

postgres::ObserveOptions ObserveSettings(const project::ProjectContext& context,
                                         const project::Artifacts& artifacts,
                                         const AssessOptions& options) {
  postgres::ObserveOptions observe = options.observe;
  observe.datasource_schemas = context.project.datasource.schemas;
  observe.provided = project::PlatformNames(context, artifacts);
  return observe;
}

Result<Assessment> Assess(const project::ProjectContext& context, project::Artifacts& artifacts,
                          plan::Intent& intent, postgres::Session& session,
                          const AssessOptions& options, Progress& progress) {
  if (options.shortcuts.rows_first && !options.policy.strict) {
    TRY_ASSIGN(auto current, CurrentByRows(intent, session, options.policy));
    if (current) return *std::move(current);
  }
  Assessment assessment;
  TRY_ASSIGN(
      assessment.observation,
      postgres::Observe(session, ObserveSettings(context, artifacts, intent, options), progress));
  plan::Observation& observation = assessment.observation;
  TRY(InspectFailedRows(context, artifacts, intent, session, observation));
  assessment.failures = FailureLines(observation);
  TRY_ASSIGN(assessment.decision, DecideWithNeeds(context, artifacts, intent, session,
                                                  options.policy, observation, progress));
  if (!options.policy.only_observes) {
    NameReleaseElsewhere(context, artifacts, observation, assessment.decision);
  }
  // Otherwise the deploy knows what to do.
  if (assessment.decision.Refused()) assessment.nearest = plan::DescribeNearest(observation);
  TRY_ASSIGN(const plan::PlanFindings findings,
             ExaminePlan(context, artifacts, intent, session, options, assessment));
  assessment.extensions_are_forbidden = !findings.forbidden_extensions.empty();
  assessment.decision =
      plan::Review(std::move(assessment.decision), findings, observation, options.policy);
  return assessment;
}

Result<Assessment> AssessMissing(const project::ProjectContext& context,
                                 const project::Artifacts& artifacts, const plan::Intent& intent,
                                 const postgres::Target& target,
                                 const postgres::ConnectOptions& connect,
                                 const AssessOptions& options, Progress& progress) {
  Assessment assessment;
  TRY_ASSIGN(assessment.observation,
             postgres::ObserveMissing(
                 target, connect, ObserveSettings(context, artifacts, intent, options), progress));
  assessment.observation.compared_with = plan::Compared::kAllStates;
  assessment.decision =
      std::get<plan::Decision>(plan::Decide(intent, assessment.observation, options.policy));
  TRY_ASSIGN(const plan::PlanFindings findings,
             ExaminePlanOfMissing(artifacts, intent, assessment));
  assessment.decision = plan::Review(std::move(assessment.decision), findings,
                                     assessment.observation, options.policy);
  return assessment;
}

bool Assessment::IsCompared() const {
  const bool before =
      live && !live->comparison.state.empty() && live->comparison.undetermined.empty();
  return before || comparison || decision.found == plan::Found::kFresh;
}

}  // namespace ballast::assess
