// SPDX-License-Identifier: Apache-2.0
// Groups the steps of a plan into transactions. All boundaries of the plans of a deploy are decided
// here.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "sql/classify.h"

namespace ballast::plan {

// When a script gets its own row in the migrations table.
enum class RowPolicy {
  kAlways,
  // Only in a plan of several transactions. A later step of the plan replaces these rows.
  kIfSeveralTransactions
};

struct ScriptOptions {
  std::string reason;
  // Scripts that can share a transaction do; otherwise each has its own, as with Prisma.
  bool together = true;
  RowPolicy rows = RowPolicy::kAlways;
  // The database was empty before this plan, and no other session uses it (plain_indexes.h).
  bool fresh = false;
};

// Whether a script of these properties runs statement by statement; one of a single statement never
// does.
bool RunsSplit(const sql::ScriptProperties& properties, release::ReplayMode mode);
// Whether it does so once the server has refused it in one transaction with this SQLSTATE.
bool RunsSplitAfter(std::string_view sqlstate, const sql::ScriptProperties& properties,
                    release::ReplayMode mode);

// Which scripts run statement by statement.
struct Splitting {
  release::ReplayMode mode = release::ReplayMode::kAuto;
  std::set<std::string> names = {};  // in any mode
  bool foresees = false;             // see Policy::foresees_split
  std::set<std::string> apart = {};  // see RefusedScripts
};
// A release runs its scripts as they were proven; others follow the policy.
Splitting SplittingOf(const ApplyRelease& release, const Policy& policy);
Splitting SplittingOf(const FollowHistory& history, const Policy& policy);

// Decides about the rows of scripts with `record_if_several`: they get them if the plan has several
// transactions with scripts or kept data, or one outside a transaction block, so that after a crash
// the rows show which scripts have run.
void RecordIfSeveral(Plan& plan);

// Counts the rows of the migrations table that the plan's steps delete.
void CountReplacedRows(Plan& plan, const Observation& observation);

class PlanBuilder {
 public:
  explicit PlanBuilder(Splitting splitting) : splitting_(std::move(splitting)) {}

  // Creates the target schema and the migrations table if they do not exist.
  void AddPrerequisites(const Observation& observation);

  // Adds a step of ballast itself to the open transaction, or to a new one.
  void Add(Act act, std::string reason);

  // Adds a baseline to the open transaction; with `record`, it gets a row.
  void AddBaseline(release::Migration baseline, bool record, std::string reason);

  // Adds a step for each script. A script begins a new transaction if it uses an enum value that
  // the open transaction adds (SQLSTATE 55P04; PostgreSQL manual, ALTER TYPE) or must not share
  // one.
  void AddScripts(const std::vector<release::Migration>& scripts, const ScriptOptions& options);

  // Requires that the live catalog equals this one when the open transaction commits. Only the last
  // comparison of a transaction is kept, because it includes the others. An empty reason: it
  // decides about the commit of its transaction.
  void Verify(VerifyCatalog verify, std::string reason = {});

  // Returns the refusal of the first script that cannot be run (unusable_script.h), if there is
  // one.
  std::variant<Plan, Refusal> Build() &&;

 private:
  Transaction& Open();
  void Close();
  bool IsUsable(const release::Migration& migration, const sql::ScriptProperties& properties);
  ScriptMode ModeOf(const RunScript& run, const sql::ScriptProperties& properties,
                    const ScriptOptions& options) const;
  void AddScript(RunScript run, const sql::ScriptProperties& properties,
                 const ScriptOptions& options);
  void AddOutside(RunScript run, ScriptMode mode, const ScriptOptions& options);
  void Append(Transaction& transaction, RunScript run, const ScriptOptions& options);

  Splitting splitting_;
  Plan plan_;
  std::optional<Refusal> refusal_;
  bool escapes_by_backslash_ = false;          // string literals depend on the server's settings
  bool open_ = false;                          // the last transaction accepts more steps of ballast
  bool takes_scripts_ = true;                  // … and more scripts
  bool has_scripts_ = false;                   // the open transaction has scripts
  std::vector<sql::AddedValue> added_values_;  // by the open transaction
};

}  // namespace ballast::plan
