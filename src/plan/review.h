// SPDX-License-Identifier: Apache-2.0
// The second half of a decision: what the live catalog shows about a plan, before its first step.
// planner.h decides with the rows and says what the plan relies on; the caller reads that from the
// server; and the review confirms the plan, or refuses it. Pure, like the planner.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/managed_comparison.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/outside_objects.h"
#include "plan/plan.h"
#include "plan/required_extension_privileges.h"

namespace ballast::plan {

// How the database compares with the proven state that its rows describe.
struct StateComparison {
  std::string state;  // its name: "release v1.0.0"; empty: not known, and nothing is compared
  catalog::ManagedComparison objects;
  std::string version = {};  // if the state is a release
  // Why drift and additions cannot be found before the first step; empty if they can.
  std::string undetermined = {};
  std::vector<std::string> dropped = {};  // additions that the plan drops, as they are named
  bool is_goal = false;                   // nothing would run, so it is the state after the deploy
  // A pending script names every object that drifts, and the state after it is not known: the
  // object can be what the script makes.
  bool is_named_by_scripts = false;
  bool lacks_all_tables = false;  // of the state, which has some
};
// For reports.
std::vector<std::string> NamesOfAdditions(const StateComparison& comparison);
// The same without those that the plan drops.
std::vector<std::string> NamesOfRemainingAdditions(const StateComparison& comparison);

// An object that makes a script fail.
struct Obstacle {
  std::string text;            // its name, and why it is one
  std::string migration = {};  // whose script fails, if that is known
  // The migration only creates, and everything that it creates has its name in the database.
  bool may_be_applied = false;
  std::string made_by = {};  // the applied migration that has made the object, if one has
  // Of a dependent object: its own, where it is not to be dropped.
  std::string remedy = {};
  bool is_replaced = false;  // the script does not fail: OR REPLACE
};

// A row of the plan that the migrations table does not store as it was written.
struct UnstoredRow {
  std::vector<std::string> guards;  // what the table has beyond Prisma's: "trigger t"
  std::string message;              // the server's; empty if it reported success
};

// A schema that the migrations name, and the first of them that does (empty: unknown).
struct FixedSchema {
  std::string schema;
  std::string migration;
};

// An existing table that the plan changes and that belongs to another role.
struct UnownedTable {
  std::string table;  // quoted; unqualified in the target schema
  std::string owner;
  bool is_owner_powerful = false;  // a superuser, or a role that can become one
  std::string qualified;           // the table with its schema, quoted
  std::string migration;           // the first that needs it
};

// What was found out about a plan. Parts that a plan does not rely on are empty.
struct PlanFindings {
  const StateComparison* comparison = nullptr;  // null: nothing was compared
  // Of a fresh database: objects whose names the plan needs.
  std::vector<std::string> conflicting_names;
  // Objects that have a name which the plan needs, and objects that depend on what it drops or
  // changes. The state before is not always known, so it may be unknown whose they are.
  std::vector<Obstacle> names_in_the_way;
  std::vector<Obstacle> dependents_in_the_way;
  std::vector<Obstacle> partitions_in_the_way;  // whose bounds do not allow those of new ones
  bool scripts_were_read = false;               // for these, all scripts of the plan to their end
  // Set if the migrations name another schema than the target schema.
  std::optional<FixedSchema> fixed_schema;
  // Which the migrations look for; without those that an ignore rule matches.
  std::vector<OtherObject> other_objects;
  // Statements for extensions that the server does not allow the role.
  std::vector<ForbiddenUse> forbidden_extensions;
  std::vector<UnownedTable> unowned_tables;
  std::optional<UnstoredRow> unstored_row;
  std::vector<Notice> notices;
};

// Whether the plan creates everything with a baseline, in the target schema. Migrations that name
// another schema would create their objects there, so a baseline does not reproduce their database
// in another schema.
bool UsesBaseline(const Intent& intent, const Decision& decision);

// The decision with the refusals that follow from the findings: B302 for migrations that name
// another schema, B602 for all privileges that the role lacks, P3005 for conflicting names (with
// --adopt, the reason why no state can be adopted), B515 for other objects that the migrations look
// for (a notice if drift is allowed), B503 for drift, additions with --strict, and objects in the
// way, and B610 for rows that the migrations table does not store. Where drift and additions cannot
// be determined: B501 with --strict, or if steps are committed before the last comparison and drift
// is not allowed; otherwise a notice. A decision that already refuses stays as it is.
Decision Review(Decision decision, const PlanFindings& findings, const Observation& observation,
                const Policy& policy);

}  // namespace ballast::plan
