// SPDX-License-Identifier: Apache-2.0
// Observe, compare, decide: the one assessment of a database that deploy, its dry run, status,
// doctor and adoption rest on, so that what one reports is what the other does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/failure_inspection.h"
#include "assess/live_state.h"
#include "base/progress.h"
#include "base/result.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/observe.h"
#include "postgres/session.h"
#include "project/project_context.h"

namespace ballast::assess {

struct AssessOptions {
  plan::Policy policy;
  // `schemas` is filled in here.
  postgres::ObserveOptions observe;
  bool allow_drift = false;  // --allow-drift; additions are refused where the policy is strict
  // Reads the live catalog of a database that needs nothing, and compares it with the proven one.
  // Costs one look at the whole catalog.
  bool compare_current = false;
};

// The live catalog of a current database against the proven one of its state.
struct CatalogComparison {
  std::string expected;
  std::string actual;
  std::vector<std::string> differences;  // in words; empty: equal
};

struct Assessment {
  plan::Observation observation;
  plan::Decision decision;
  std::vector<FailureLine> failures;  // the failed rows, with what is known of each
  // "the database equals release v1", or which state is nearest; empty where rows are enough.
  std::string nearest;
  std::optional<CatalogComparison> comparison;
  // The database before the deploy, where the plan ends with a comparison (or `compare_current`
  // asked): drift and additions. Not looked at where a fresh database has nothing in it.
  std::optional<LiveState> live;
};

// Changes nothing but the session: with `observe.lock` it holds the deployment lock afterwards.
// Loads into `artifacts` and `intent` what the decision needs and costs time: the covered
// migrations, the development baseline. The errors of postgres::Observe, Session::Query and of the
// package's files; a refusal is a decision and no error.
Result<Assessment> Assess(const project::ProjectContext& context, project::Artifacts& artifacts,
                          plan::Intent& intent, postgres::Session& session,
                          const AssessOptions& options, Progress& progress);

// The same for a database that does not exist yet, which has no session: what a deploy would do
// just after it has created the database of `target`. The errors of postgres::ObserveMissing.
Result<Assessment> AssessMissing(const project::ProjectContext& context,
                                 const project::Artifacts& artifacts, const plan::Intent& intent,
                                 const postgres::Target& target, const AssessOptions& options,
                                 Progress& progress);

}  // namespace ballast::assess
