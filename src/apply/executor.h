// SPDX-License-Identifier: Apache-2.0
// Carries out a plan. Two roads (house rules in docs/decisions/0005-transactions.md):
// - atomic: everything, the migrations-table rows, the journal and the comparison with the proven
//   catalog are ONE transaction on ONE connection, sent as one message where the server can compare
//   by itself. A crash leaves the database untouched or complete.
// - stepwise: only when a script cannot run in a transaction with others. Each script that can runs
//   in one transaction with its row; one that cannot has its row committed before and finished
//   after.
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
  // The facts of the proven catalog of a fingerprint, asked for only when the live one differs, to
  // name what does.
  ExpectedSnapshot expected_facts;
  int proven_on = 0;  // the major version that the release or the baseline was proven on; 0: none
};

struct RunOutcome {
  std::vector<std::string> applied;  // scripts that ran, in order
  int recorded = 0;                  // rows written into the migrations table
  std::string fingerprint;           // of the live catalog, when it was compared
  std::string expected_fingerprint;
  bool layout_equal = true;  // reported where only the meaning must be equal
  std::vector<std::string> notices;
};

// P3018 (a script failed; nothing of it remains), B503 (the catalog would not be the proven one;
// nothing was committed, `details` name the objects), P1017 (the connection broke: whether the
// commit happened is for the caller to find out), B701 (a step outside a transaction failed; its
// row is open), B702 (the comparison after such steps failed).
Result<RunOutcome> Run(const plan::Plan& plan, const plan::Observation& observation,
                       postgres::Session& session, const RunContext& context, Progress& progress);

}  // namespace ballast::apply
