// SPDX-License-Identifier: Apache-2.0
// Adoption: a database with objects and no rows is recorded as the state that it proves to be;
// nothing runs to make it that.
#pragma once

#include <string>
#include <variant>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The state that is recorded: the first of those compared that is equal. Refused with B506 where
// the project knows no state, or where none is equal: then the evidence is what differs, nearest
// state first. A database of a schema-only baseline is told what it lacks of the release.
std::variant<ComparedState, Refusal> StateToAdopt(const Observation& observation);

// "the database equals release v1.0.0", or "the database has all of release v1.0.0 and 2
// additions".
std::string HowItFits(const ComparedState& state);

// The observation without the rows of these names.
Observation WithoutRows(const std::vector<std::string>& names, Observation observation);
// The observation as it is once the rows of that state are there.
Observation WithRowsOf(const ComparedState& state, Observation observation);

// Puts the steps that record the state before the rest of the plan: in its first transaction, or in
// one of their own. The catalog is compared in that transaction. `remove`: rows that go.
void AddAdoption(Plan& plan, const ComparedState& state, const Observation& observation,
                 const std::vector<std::string>& remove = {});

// How far the catalog is from the states that it was compared with, nearest first, and what differs
// from the nearest: a line each.
std::vector<std::string> NearestStates(const Observation& observation);

// "the database equals release v1.0.0", or which state is nearest; empty where none was compared.
std::string NearestInWords(const Observation& observation);

}  // namespace ballast::plan
