// SPDX-License-Identifier: Apache-2.0
// Compares a live database with a proven state. *Managed* objects are those of the proven state,
// with the properties that it lists and with no columns, constraints and rules beyond its own.
// *Additions* are everything else: objects of operators, platforms and the application. Additions
// are reported and never changed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "catalog/moved_objects.h"
#include "catalog/object_ref.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {

struct ComparisonRules {
  std::vector<std::string> ignore;    // globs on "kind object" and "object"
  std::vector<std::string> platform;  // the same, for objects that the platform provides
  // Drift is accepted: a difference that the deploy did not change is not an error, even if the
  // state before is not known.
  bool allow_drift = false;
};

// The object of the difference.
ObjectRef RefOf(const Difference& difference);

// Whether a glob matches the object of the difference, as in object_ref.h, or its name in reports
// ("the target schema").
bool IsCovered(const Difference& difference, const std::vector<std::string>& globs);

struct ManagedComparison {
  std::vector<Difference> drift;    // managed objects that are missing or changed
  std::vector<Difference> ignored;  // drift that an ignore rule matches
  // Without objects of the platform. Partitions that the migrations make on another date are among
  // them, with kTheDate.
  std::vector<Difference> additions;
  // Drift that the state after the deploy has, too: the live object is already as the deploy
  // creates it. Set by SeparateAnticipated.
  std::vector<Difference> anticipated = {};
  // Partitions of the proven state that depend on the date (dated_partitions.h), where the live one
  // lacks them or has them with another bound: no drift.
  std::vector<Difference> of_date = {};

  // Whether the live state is exactly the proven one.
  bool Equal() const {
    return drift.empty() && ignored.empty() && additions.empty() && anticipated.empty() &&
           of_date.empty();
  }
};

// In every difference, a is the proven state and b is the live one.
ManagedComparison CompareManaged(const Snapshot& proven, const Snapshot& live,
                                 const ComparisonRules& rules);

// Moves from `drift` to `anticipated` what exists in the state after the deploy and is, in the live
// state, as that state has it. Nothing that is missing.
void SeparateAnticipated(const Snapshot& proven_after, const Snapshot& live,
                         ManagedComparison& comparison);

// The name of an addition in reports: "index dba_idx on \"Post\"", "table \"E_1\", a partition of
// \"E\"", "table \"Post\": options fillfactor 70".
std::string NameOfAddition(const Difference& addition);

// Whether an addition is a storage parameter, or several, of a table of the release.
bool IsTableParameter(const Difference& addition);

// The states before and after a deploy. The live states must be read in the same scope.
struct DeployStates {
  // The proven state before; null if it is not known, empty if nothing was deployed before.
  const Snapshot* proven_before = nullptr;
  const Snapshot& proven_after;
  const Snapshot& live_before;
  const Snapshot& live_after;
  bool with_layout = false;  // columns of managed tables must be in the proven order
  MovedObjects moved = {};   // from `live_before` to `live_after`
};

// The states before the deploy, by SeparateItems, with the keys that their objects have after it.
Snapshot LiveItemsBefore(const DeployStates& states);
Snapshot ProvenItemsBefore(const DeployStates& states);  // empty if it is not known

// Changes that differ from the proven ones. Empty if every managed object of the new state is as
// proven, except for drift that existed before and is unchanged, and nothing else differs that did
// not differ before. Objects that belong to an addition (an index that a partition gets from its
// parent) and objects that moved with a renamed managed object count as differing before. The
// owner and the privileges of a new object are additions, because another role may deploy. If the
// database has an event trigger that is not part of the release, its effects on new tables (row
// security, owner, grants, triggers, policies) are additions.
std::vector<Difference> UnprovenChanges(const DeployStates& states, const ComparisonRules& rules);

// Additions that no longer exist after a deploy, named as by NameOfAddition.
struct LostAdditions {
  // Objects that were dropped with the object or the column that they belonged to.
  std::vector<std::string> dropped;
  // Objects, and properties of objects (privileges, comments, an owner), whose object exists
  // afterwards: it was dropped and created again without them, or they were dropped themselves.
  std::vector<std::string> of_remaining;
  // Properties of objects of the release for which it has another value now, and indexes whose name
  // the index of a new constraint has.
  std::vector<std::string> replaced = {};
  // Properties that the release has now itself, with the same value.
  std::vector<std::string> managed = {};
  // For additions of which only some properties are lost: the name before, and of what is left.
  std::map<std::string, std::string> remainders = {};
  // Whether `of_remaining` names storage parameters of a table.
  bool of_table_parameters = false;
};
LostAdditions FindLostAdditions(const DeployStates& states, const ComparisonRules& rules);

// Before a change from one proven state to another: the additions of `live` that belong to an
// object or a column which the change drops.
std::vector<std::string> AdditionsDroppedWith(const Snapshot& proven_before,
                                              const Snapshot& proven_after, const Snapshot& live,
                                              const ComparisonRules& rules);

// The identity of the object that an additional object belongs to: its table, view or domain, or
// the table that it is a partition of; empty if it belongs to none.
std::string OwnerOfAddition(const Difference& addition);

// The object that an addition belongs to: its table, view or domain, or the table that it is a
// partition of; for a property, its object. Unquoted; empty if it belongs to none.
std::vector<std::string> OwnersOfAddition(const Difference& addition);

}  // namespace ballast::catalog
