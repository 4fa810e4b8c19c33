// SPDX-License-Identifier: Apache-2.0
// Puts the steps of a plan into transactions. Every boundary of every plan is drawn here.
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
  // Only in a plan of several transactions, so that a crash leaves behind which scripts have run.
  // A later step of the plan replaces these rows.
  kIfSeveralTransactions
};

struct ScriptOptions {
  std::string reason;
  // Scripts that can share a transaction do; else each has its own, as with Prisma.
  bool together = true;
  RowPolicy rows = RowPolicy::kAlways;
  // Nothing was in the database before this plan, and nobody uses it (plain_indexes.h).
  bool fresh = false;
};

// Which scripts run statement by statement.
struct Splitting {
  release::ReplayMode mode = release::ReplayMode::kAuto;
  std::set<std::string> names = {};  // in any mode
};
// A release runs its scripts as they were proven; others as the policy has it.
Splitting SplittingOf(const ApplyRelease& release, const Policy& policy);
Splitting SplittingOf(const FollowHistory& history, const Policy& policy);

class PlanBuilder {
 public:
  explicit PlanBuilder(Splitting splitting) : splitting_(std::move(splitting)) {}

  // The target schema and the migrations table, where they do not exist.
  void AddPrerequisites(const Observation& observation);

  // One step of ballast's own. It joins the transaction that is open, if there is one.
  void Add(Act act, std::string reason);

  // A baseline: it runs in the open transaction, and with `record` gets a row.
  void AddBaseline(release::Migration baseline, bool record, std::string reason);

  // A step to run each script. A script begins a new transaction if it names an enum value that the
  // open one adds (55P04, manual of ALTER TYPE), or must not share one.
  void AddScripts(const std::vector<release::Migration>& scripts, const ScriptOptions& options);

  // The live catalog must be this one when the open transaction commits. Of several comparisons in
  // one transaction the last remains, since it covers what the others would find.
  void Verify(VerifyCatalog verify, std::string reason);

  // The refusal of the first script that cannot be run (unusable_script.h), if there is one.
  std::variant<Plan, Refusal> Build() &&;

 private:
  Transaction& Open();
  void Close();
  bool IsUsable(const release::Migration& migration, const sql::ScriptProperties& properties);
  bool RunsSplit(const RunScript& run, const sql::ScriptProperties& properties) const;
  void AddScript(RunScript run, const sql::ScriptProperties& properties,
                 const ScriptOptions& options);
  void AddOutside(RunScript run, const ScriptOptions& options);
  void Append(Transaction& transaction, RunScript run, const ScriptOptions& options);

  Splitting splitting_;
  Plan plan_;
  std::optional<Refusal> refusal_;
  bool escapes_by_backslash_ = false;  // only the server can tell where a string ends
  bool open_ = false;                  // the last transaction takes more steps of ballast's own
  bool takes_scripts_ = true;          // … and more scripts
  bool has_scripts_ = false;           // the open transaction has some
  std::vector<sql::AddedValue> added_values_;  // by the open transaction
  std::vector<std::pair<size_t, size_t>> rows_if_several_;
};

}  // namespace ballast::plan
