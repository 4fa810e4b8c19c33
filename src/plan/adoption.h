// SPDX-License-Identifier: Apache-2.0
// Adoption: records a database that has objects but no rows as the proven state that it equals. No
// script runs to change it.
#pragma once

#include <string>
#include <variant>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// Returns the first compared state that is equal, else the one that the database contains with the
// fewest additions, else, if the policy adopts and allows drift, the one of which most objects are
// as proven, at least half of them. Refuses with B506 if the project has no known state or none
// fits; the evidence lists the differences, nearest state first. For a database that Prisma
// created from a schema alone it lists what the database lacks of the nearest state.
std::variant<ComparedState, Refusal> StateToAdopt(const Observation& observation,
                                                  const Policy& policy);

// Whether the database has most of what the state consists of: at least half of its objects are as
// proven, or, for a schema alone, all of them.
bool Resembles(const ComparedState& state);
// Whether it resembles a compared state. Also if no state shows what it consists of.
bool ResemblesKnownState(const Observation& observation);

// "the database equals release v1.0.0", "the database contains everything in release v1.0.0, plus 2
// additions", or "the database differs from release v1.0.0 in 1 object".
std::string DescribeMatch(const ComparedState& state);

// The observation without the rows of these names.
Observation WithoutRows(const std::vector<std::string>& names, Observation observation);
// The observation after the rows of that state were inserted, so that nothing is left to compare.
Observation WithRowsOf(const ComparedState& state, Observation observation);

// Adds the steps that record the state to the start of the plan: to its first transaction if
// possible, else to a separate one. The transaction compares the catalog. `remove` names rows to be
// deleted.
void AddAdoption(Plan& plan, const ComparedState& state, const Observation& observation,
                 const std::vector<std::string>& remove = {});

// The distance of the catalog from each compared state, nearest first, and the differences from the
// nearest; one line each. Additions do not count.
std::vector<std::string> NearestStates(const Observation& observation);

// "the database equals release v1.0.0", or the nearest state; empty if no state was compared. Says
// if the points of the history were not compared.
std::string DescribeNearest(const Observation& observation);

}  // namespace ballast::plan
