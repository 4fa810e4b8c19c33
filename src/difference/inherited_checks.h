// SPDX-License-Identifier: Apache-2.0
// CHECK constraints of tables that inherit from each other, which the server adds, merges, keeps
// and drops together (tablecmds.c in PostgreSQL). What each statement does is computed step by
// step, so that the result is known before anything runs. Only for this folder.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/database.h"

namespace ballast::difference {

// A constraint of a name on one table.
struct CheckState {
  std::string definition;  // without NOT VALID
  bool valid = true;
  bool local = true;  // declared on the table; false: only inherited

  bool operator==(const CheckState&) const = default;
  bool IsInheritable() const { return !definition.ends_with(" NO INHERIT"); }
};

struct TreeTable {
  catalog::Name name;
  std::optional<CheckState> before;
  std::optional<CheckState> after;
  bool existed = false;    // before the script
  bool remains = false;    // it existed, and it is not dropped
  bool unmanaged = false;  // it is in no definition of the new database: no change is required
  bool is_partition = false;
  bool must_drop = false;  // what the constraint uses is dropped
  std::set<catalog::Name> parents_before;
  std::set<catalog::Name> parents_after;
};

enum class CheckAction { kAdd, kDrop, kValidate };

struct CheckStep {
  CheckAction action = CheckAction::kAdd;
  catalog::Name table;
};

struct CheckPlan {
  std::vector<CheckStep> drops;     // after partitions and children are detached
  std::vector<CheckStep> adds;      // before they are attached
  std::vector<CheckStep> finishes;  // after they are attached
  // Tables whose constraint is dropped and made again, also through a parent.
  std::set<catalog::Name> recreated;
};

// `tables`: all tables that have a constraint of that name and are connected by inheritance, by
// name. Nothing if no sequence of statements has the result.
std::optional<CheckPlan> PlanChecks(const std::map<catalog::Name, TreeTable>& tables);

}  // namespace ballast::difference
