// SPDX-License-Identifier: Apache-2.0
// Executes a plan, transaction by transaction, on one connection (docs/decisions/0005).
// Transactions are combined into messages where possible. The server compares the catalog with the
// proven one inside its transaction; ballast does it if the server's version prints some
// definitions differently.
#pragma once

#include <functional>
#include <map>
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
#include "postgres/session_settings.h"

namespace ballast::apply {

struct RunContext {
  std::string stage = "applying migrations";  // for progress output
  postgres::JournalContext journal;
  // Called only if the server has not compared, or found a difference.
  ExpectedSnapshot expected_snapshot;
  // Returns the state before the deploy. Called between transactions, before scripts run; can be
  // called repeatedly. Empty: the live catalog must be exactly the proven one.
  std::function<Result<const LiveStateBefore*>(postgres::Session&)> state_before = {};
  // The scripts that earlier attempts of the run have committed; nothing if they have committed
  // nothing. Errors are then partial.
  std::optional<std::vector<std::string>> committed_before = {};
  // The database before scripts whose result nothing has proven. After them, it is compared again:
  // what they did to additions is reported, and refuses nothing, because it is committed. Null:
  // nothing is known about it, or the plan ends with a comparison.
  const LiveStateBefore* watched = nullptr;
  Comparer comparer = Comparer::kServerFirst;
  // Returns the journal row of this run, when the transaction that ends the run is built. The
  // executor sets its schema. Empty: no row is written.
  std::function<postgres::RunRow()> run_row = {};
  std::string script_noun = "migration";  // in messages that count scripts
  // What to do about a resulting catalog that is not the proven one.
  std::string drift_remedy = {};
  // What to do if a statement reaches the time limit that the user has set for this run; empty: the
  // user has set none.
  std::string time_limit_remedy = {};
  // What the session was given when the database was observed.
  std::vector<postgres::SessionSetting> settings = {};
  // The deployment lock must be held until the end. False in a scratch database, which nobody else
  // uses.
  bool keeps_lock = true;
  int proven_on = 0;  // the major version on which release or baseline was proven; 0: none
};

struct RunOutcome {
  std::vector<std::string> applied;  // scripts whose transaction is committed, in order
  std::vector<double> took;          // milliseconds, for each of `applied`
  int recorded = 0;         // rows that the migrations table stored, as counted by the server
  std::string fingerprint;  // of the live catalog, if compared
  std::string expected_fingerprint;
  std::string live_objects;  // the server's own hash of the live catalog, if it compared
  bool layout_equal = true;  // reported if only the catalog must be equal
  // Differences from the proven catalog that remain, as sentences: accepted drift, and what
  // `ignore` matches.
  std::vector<std::string> accepted;
  std::vector<std::string> ignored;
  bool compared_again = false;  // RunContext::watched; then these are set without a fingerprint
  // Additions that no longer exist after the deploy; `notices` explain why.
  std::vector<std::string> lost_additions;
  // Those of which a part is lost: the name before, and the name of what is left.
  std::map<std::string, std::string> remainders;
  std::vector<std::string> notices;
  std::vector<std::string> server_notices;  // as Session::TakeNotices
};

// `outcome` is valid also after an error. P3018: a script failed, and nothing of it remains. B503:
// the resulting catalog would differ from the proven one; `details` name the objects. P1017: the
// connection broke; the caller must find out whether the commit happened. B701: a script outside a
// transaction failed; its row is open. B702: the comparison failed after something was committed.
// Also B610 and B700. Errors after a commit are partial.
Status Run(const plan::Plan& plan, const plan::Observation& observation, postgres::Session& session,
           const RunContext& context, Progress& progress, RunOutcome& outcome);

}  // namespace ballast::apply
