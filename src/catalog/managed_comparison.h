// SPDX-License-Identifier: Apache-2.0
// A live database against what a release proves of it. *Managed* objects are those of the proven
// state, with the properties that it states, and with no other columns, constraints and rules than
// it has; *additions* are all else: what operators, platforms and the application made. Additions
// are named and left alone.
#pragma once

#include <string>
#include <vector>

#include "catalog/snapshot.h"

namespace ballast::catalog {

struct ComparisonRules {
  std::vector<std::string> ignore;    // globs over "kind object" and "object"
  std::vector<std::string> platform;  // the same, of what the platform provides
  // Drift is accepted: what differs and is unchanged by the deploy is no fault of it, even where
  // the state before is not known.
  bool allow_drift = false;
};

// Whether one of the globs covers the object of a difference, its table or its schema ("schema x").
// Names may be quoted as PostgreSQL quotes them, or not at all.
bool IsCovered(const Difference& difference, const std::vector<std::string>& globs);

struct ManagedComparison {
  std::vector<Difference> drift;      // managed objects that are missing or changed
  std::vector<Difference> ignored;    // drift that a rule covers
  std::vector<Difference> additions;  // without what the platform provides

  // Whether the live state is the proven one and nothing else.
  bool Equal() const { return drift.empty() && ignored.empty() && additions.empty(); }
};

// a is the proven state, b the live one, in every difference.
ManagedComparison CompareManaged(const Snapshot& proven, const Snapshot& live,
                                 const ComparisonRules& rules);

// "index dba_idx on \"Post\"", "table \"E_1\", a partition of \"E\"", "table \"Post\": options
// fillfactor 70": what an addition is called in reports.
std::string NameOfAddition(const Difference& addition);

// Before a fresh deploy: objects of the live state whose names the proven state needs for objects
// of its own, in words. Extensions, schemas and what belongs to the database itself may exist.
std::vector<std::string> NamesInTheWay(const Snapshot& proven, const Snapshot& live);

// The states around a deploy. Live states are read in one and the same scope.
struct DeployStates {
  // Of the state that the database was in. Null where nobody knows it; empty where nothing was
  // deployed before.
  const Snapshot* proven_before = nullptr;
  const Snapshot& proven_after;
  const Snapshot& live_before;
  const Snapshot& live_after;
  bool with_layout = false;  // columns of managed tables must have the proven order
};

// What the deploy did and the proof did not, or the other way round. Empty: every managed object of
// the new state is as proven, but for drift that was there before and is unchanged, and nothing
// else differs that did not differ before. What belongs to an addition (the index that a partition
// gets from its parent) and what moved with a managed object that has a new name differed before.
// Where the database has an event trigger that is not the release's, what that does to new tables
// (row security, owner, grants, triggers, policies) is an addition.
std::vector<Difference> UnprovenChanges(const DeployStates& states, const ComparisonRules& rules);

// Objects that were additions before and are gone: they went with what they belonged to. Named as
// by NameOfAddition.
std::vector<std::string> LostAdditions(const DeployStates& states, const ComparisonRules& rules);

}  // namespace ballast::catalog
