// SPDX-License-Identifier: Apache-2.0
// Decides about a change that was found for a live database, by which `repair` and `rollback` bring
// it to a proven state: a plan, and the refusal if it must not be carried out. Pure, like the
// planner.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "difference/difference.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "release/coverage.h"
#include "release/manifest.h"

namespace ballast::plan {

// Rows that would make a statement fail.
struct BlockingRows {
  std::string object;  // the object that cannot be created
  std::string what;    // "NULL in \"User\".\"name\""
  int64_t count = 0;   // 0: not known
  std::string query;   // lists the rows
  difference::FailureCause cause = difference::FailureCause::kRows;
  std::string before_correction = {};  // difference::Statement::before_correction
};

// Rows or values that would be lost.
struct DataLoss {
  std::string object;  // "table \"Old\"", "column \"User\".\"age\""
  int64_t count = 0;   // number of rows, or of values that are not NULL
  bool allowed = false;
  bool of_values = false;  // of a column; otherwise rows are counted
};

// A privilege that the role lacks, or another obstacle to what it may read.
struct LackedPrivilege {
  std::string what;       // "SELECT on public.\"Plan\""
  std::string statement;  // for an admin; or empty, if another one includes it
};

// What the role lacks for a change.
struct LackedOfChange {
  std::vector<LackedPrivilege> privileges;
  std::vector<LackedPrivilege> policies;  // tables whose rows policies hide
  bool hides_rows = false;                // that the change depends on, so they were not counted

  bool empty() const { return privileges.empty() && policies.empty(); }
};

void AddLacked(const LackedOfChange& more, LackedOfChange& lacked);

// Additions that a script would lose.
struct AdditionsLost {
  std::vector<std::string> names;    // as reports name them
  bool of_table_parameters = false;  // whether storage parameters of a table are among them
};

// What was found out about a change.
struct Change {
  // Statements that run before the rest and are committed one by one: concurrent index builds, and
  // constraints on tables with rows that are added NOT VALID and then validated. After an
  // interruption, the next run finds what is still missing.
  std::vector<difference::Statement> apart;
  std::string first_script;  // committed before the rest; or empty
  std::string script;
  bool is_own_script = true;       // ballast wrote them; otherwise they run as migrations do
  std::vector<std::string> drift;  // descriptions of what differs and the change should remove
  // Among it: constraints that the server does not enforce, because their triggers are disabled.
  bool lacks_enforcement = false;
  // Additions that the script would lose, because it drops their object and creates it again.
  AdditionsLost lost;
  // Additions for which the script fails, because they depend on what it drops or converts.
  std::vector<std::string> in_the_way;
  std::vector<std::string> taken_names;  // additions with names that the script needs
  // Additions whose bounds do not allow those of a partition that the script makes.
  std::vector<std::string> partitions_in_the_way;
  LackedOfChange lacked;
  std::vector<BlockingRows> blocking;
  std::vector<DataLoss> losses;
  std::vector<std::string> kept;  // objects whose data is moved to ballast_kept
  // What to do if one of `losses` was renamed by hand, by its object.
  std::map<std::string, std::string> rename_remedies;
};

// The rows of the migrations table in a state: executed and resolved ones.
struct StateRows {
  release::Coverage run;
  release::Coverage resolved;
};

// The state that the change leads to.
struct ChangeGoal {
  std::string command;  // names the scripts in reports and the journal: "repair"
  std::string name;     // "release v1.0.0"
  release::FingerprintRecord record;
  StateRows rows;
};

struct ChangePolicy {
  std::string loss_option;  // allows losses: "--drop"
  std::vector<std::string> loss_remedies;
  std::string conflict_remedy;  // for rows that conflict; or empty
};

struct ChangeDecision {
  Plan plan;  // with a refusal, too: reports show what would be run
  // B602 for privileges that the role lacks, B501 for rows that policies hide from it, B511 for
  // additions that would be lost or are in the way, or drift that no step removes, B508 for
  // blocking rows, B509 for losses that are neither allowed nor kept, B306 for a script that cannot
  // be sent; the first of these that applies.
  std::optional<Refusal> refusal;
};

ChangeDecision DecideChange(const Change& change, const ChangeGoal& goal,
                            const ChangePolicy& policy, const Observation& observation);

// B511 for additions that a script drops with their object and does not create again. As an error,
// it has their number as the detail kLosesAdditions.
inline constexpr char kLosesAdditions[] = "loses_additions";
Refusal LossOfAdditions(const AdditionsLost& lost);

// Steps that change the migrations table to these rows; `state` names the state that has them.
std::vector<Step> RowSteps(const StateRows& rows, const std::string& state,
                           const Observation& observation);

}  // namespace ballast::plan
