// SPDX-License-Identifier: Apache-2.0
// Observe, compare, decide: the assessment of a database that deploy, dry run, status, doctor and
// adoption share, so that status reports what deploy does.
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
#include "plan/review.h"
#include "postgres/connect_with_retry.h"
#include "postgres/observe.h"
#include "postgres/session.h"
#include "project/project_context.h"

namespace ballast::assess {

// What an assessment is for.
enum class Purpose {
  kDeploy,  // holds the deployment lock; does not compare a database that needs nothing
  kDryRun,  // holds the lock; compares always, which reads the whole catalog once
  kStatus,  // the same without the lock
  kServe    // the same for a role that never deploys, so that it may lack privileges
};

// What a deploy may skip.
struct Shortcuts {
  // A database that is current according to its rows is not observed further, and not locked.
  bool rows_first = false;
  // Skips the comparison before an upgrade of one transaction that ends with the server's own
  // comparison. If that one finds the catalog equal, there is neither drift nor an addition. If the
  // transaction fails, the caller must assess again without this option.
  bool relies_on_end = false;
};

struct AssessOptions {
  // Sets what follows from the purpose: `observe.lock`, and of the policy `only_observes` and
  // `foresees_split`.
  AssessOptions(Purpose purpose, plan::Policy policy, postgres::ObserveOptions observe);

  Purpose purpose;
  plan::Policy policy;
  postgres::ObserveOptions observe;  // Assess sets `schemas`
  Shortcuts shortcuts = {};          // only with kDeploy
};

// The comparison of a current database with its proven state.
struct CatalogComparison {
  std::string expected;
  std::string actual;
  std::vector<std::string> differences;  // sentences; empty: equal
};

struct Assessment {
  plan::Observation observation;
  plan::Decision decision;
  std::vector<FailureLine> failures;  // the failed rows with their evidence
  // "the database equals release v1", or the nearest state; empty if the rows suffice.
  std::string nearest;
  std::optional<CatalogComparison> comparison;
  bool extensions_are_forbidden = false;  // the plan uses some that the role may not
  // The database before the deploy: drift and additions. Set if the plan ends with a comparison or
  // the purpose is another than kDeploy, except for a fresh database without objects.
  std::optional<LiveState> live;
  // Who compares the catalog at the end of a deploy. kServerOnly: the comparison before it was
  // skipped because of Shortcuts::relies_on_end. kBallast: there are additions, or drift that is
  // accepted.
  apply::Comparer comparer = apply::Comparer::kServerFirst;

  // Whether the database was compared with a proven state, or is fresh. If not, its drift is not
  // known.
  bool IsCompared() const;
};

// How Assess observes a database of that project. `artifacts`: without a package, what the package
// adds is missing.
postgres::ObserveOptions ObserveSettings(const project::ProjectContext& context,
                                         const project::Artifacts& artifacts,
                                         const AssessOptions& options);

// Changes nothing except the session: with `observe.lock` it holds the deployment lock afterwards.
// Loads expensive parts into `artifacts` and `intent` if the decision needs them: the covered
// migrations, the development baseline. Errors as postgres::Observe and Session::Query, and those
// of the package's files. A refusal is a decision, not an error.
Result<Assessment> Assess(const project::ProjectContext& context, project::Artifacts& artifacts,
                          plan::Intent& intent, postgres::Session& session,
                          const AssessOptions& options, Progress& progress);

// The same for a database that does not exist: what a deploy would do after creating the database
// of `target`. `connect` is for the connection to the server. Errors as postgres::ObserveMissing.
Result<Assessment> AssessMissing(const project::ProjectContext& context,
                                 const project::Artifacts& artifacts, const plan::Intent& intent,
                                 const postgres::Target& target,
                                 const postgres::ConnectOptions& connect,
                                 const AssessOptions& options, Progress& progress);

}  // namespace ballast::assess
