// SPDX-License-Identifier: Apache-2.0
#include "assess/assess.h"

#include <utility>

#include "assess/examine_plan.h"
#include "assess/history_points.h"
#include "assess/known_state_comparison.h"
#include "plan/adoption.h"
#include "plan/planner.h"
#include "plan/review.h"
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
  if (!assessment.decision.IsCurrent()) return std::optional<Assessment>();
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
  TRY(project::InspectIndexInProgress(intent, session, observation));
  TRY(InspectFailures(intent, artifacts, session, observation));
  assessment.failures = FailureLines(observation);
  assessment.decision = plan::Decide(intent, observation, options.policy);
  // Otherwise the deploy knows what to do.
  if (assessment.decision.Refused()) assessment.nearest = plan::DescribeNearest(observation);
  TRY_ASSIGN(const plan::PlanFindings findings,
             ExaminePlan(context, artifacts, intent, session, options, assessment));
  assessment.warnings = findings.notices;
  assessment.decision =
      plan::Review(std::move(assessment.decision), findings, observation, options.policy);
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
