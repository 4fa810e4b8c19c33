// SPDX-License-Identifier: Apache-2.0
#include "assess/assess.h"

#include "apply/verify_catalog.h"
#include "assess/known_state_comparison.h"
#include "introspect/snapshot_reader.h"
#include "plan/adoption.h"
#include "plan/planner.h"
#include "sql/quote.h"

namespace ballast::assess {
namespace {

// Unpacking the covered migrations takes time, so it is done only where the decision needs them.
Status AddHistory(const project::Artifacts& artifacts, const plan::Observation& observation,
                  plan::Intent& intent) {
  if (!plan::NeedsHistory(intent, observation)) return {};
  TRY_ASSIGN(std::get<plan::ApplyRelease>(intent).history, project::CoveredMigrations(artifacts));
  return {};
}

Result<CatalogComparison> CompareCurrent(const release::FingerprintRecord& expected,
                                         const project::Artifacts& artifacts,
                                         const std::string& schema, postgres::Session& session) {
  // Settings of one transaction: through a pooler others would inherit a session's.
  TRY(session.Query("BEGIN READ ONLY; SET LOCAL jit = off; SET LOCAL search_path = " +
                    sql::QuoteIdentifier(schema)));
  TRY_ASSIGN(const auto live, introspect::ReadSnapshot(session, apply::ScopeOf(expected)));
  TRY(session.Query("COMMIT"));
  CatalogComparison comparison{expected.catalog, catalog::Fingerprint(live.snapshot), {}};
  if (comparison.actual == comparison.expected) return comparison;
  TRY_ASSIGN(const catalog::Snapshot proven, project::ProvenSnapshot(artifacts, expected.catalog));
  if (proven.empty()) {
    comparison.differences = {"the live catalog is not the proven one"};
    return comparison;
  }
  for (const catalog::Difference& difference : catalog::Diff(proven, live.snapshot)) {
    comparison.differences.push_back(catalog::Describe(difference));
  }
  return comparison;
}

}  // namespace

Result<Assessment> Assess(const project::ProjectContext& context, project::Artifacts& artifacts,
                          plan::Intent& intent, postgres::Session& session,
                          const AssessOptions& options, Progress& progress) {
  postgres::ObserveOptions observe = options.observe;
  observe.schemas = project::FurtherSchemas(context, intent);
  Assessment assessment;
  TRY_ASSIGN(assessment.observation, postgres::Observe(session, observe, progress));
  plan::Observation& observation = assessment.observation;
  TRY(CompareStates(intent, artifacts, session, observation));
  assessment.nearest = plan::NearestInWords(observation);
  TRY(AddHistory(artifacts, observation, intent));
  TRY(project::InspectStepUnderWay(intent, session, observation));
  TRY(InspectFailures(intent, artifacts, session, observation));
  assessment.failures = FailureLines(observation);
  assessment.decision = plan::Decide(intent, observation, options.policy);
  if (options.compare_current && assessment.decision.found == plan::Found::kCurrent) {
    if (const release::FingerprintRecord* expected = plan::ProvenEnd(intent)) {
      TRY_ASSIGN(assessment.comparison,
                 CompareCurrent(*expected, artifacts, observation.schema, session));
    }
  }
  return assessment;
}

}  // namespace ballast::assess
