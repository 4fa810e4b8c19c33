// SPDX-License-Identifier: Apache-2.0
// Carries out a plan, transaction by transaction, on one connection (docs/decisions/0005). Several
// travel in one message where the plan allows it; the comparison with the proven catalog is made by
// the server inside its transaction, or here where the server's version prints some definitions
// differently.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apply/verify_catalog.h"
#include "base/progress.h"
#include "base/result.h"
#include "catalog/snapshot.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/journal.h"
#include "postgres/session.h"

namespace ballast::apply {

struct RunContext {
  // What the journal says of this run; strategy, release, baseline_checksum, older_baselines.
  postgres::JournalEntry journal;
  // The snapshot of the proven catalog of a fingerprint, asked for only when the live one differs,
  // to name what does.
  ExpectedSnapshot expected_facts;
  // The state before the deploy; may be asked for more than once. Asked for between transactions,
  // before the scripts run. Empty: the live catalog must be the proven one and nothing else.
  std::function<Result<const LiveStateBefore*>(postgres::Session&)> state_before = {};
  // It has more than the proven state (additions, allowed drift), so the server's own hash will not
  // be the proven one.
  bool has_additions = false;
  // The row of this run in the journal, asked for when the transaction that ends the run is made.
  // Its schema is filled in. Empty: no row is written.
  std::function<postgres::RunRow()> run_row = {};
  int proven_on = 0;  // the major version that the release or the baseline was proven on; 0: none
};

struct RunOutcome {
  std::vector<std::string> applied;  // scripts whose transaction is committed, in order
  std::vector<double> took;          // milliseconds, of each of `applied`
  int recorded = 0;                  // rows that the migrations table took, as the server counted
  std::string fingerprint;           // of the live catalog, when it was compared
  std::string expected_fingerprint;
  std::string live_objects;  // the server's own hash of the live catalog, where it compared
  bool layout_equal = true;  // reported where only the meaning must be equal
  std::vector<std::string> notices;
};

// What was done is in `outcome`, also after an error. P3018 (a script failed; nothing of it
// remains), B503 (the catalog would not be the proven one; `details` name the objects), P1017 (the
// connection broke: whether the commit happened is for the caller to find out), B701 (a script
// outside a transaction failed; its row is open), B702 (the comparison failed after something was
// committed), B610, B700. Errors after something was committed are partial.
Status Run(const plan::Plan& plan, const plan::Observation& observation, postgres::Session& session,
           const RunContext& context, Progress& progress, RunOutcome& outcome);

}  // namespace ballast::apply
