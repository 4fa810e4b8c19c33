// SPDX-License-Identifier: Apache-2.0
// What a change that was found for a live database means: a refusal, or a plan.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/catalog_change.h"
#include "plan/plan.h"

namespace ballast::commands {

// The object of the statement at a line of the script (1: the first); empty if there is none.
std::string ObjectAtLine(const CatalogChange& change, int line);

// B508 for blocking rows, B509 for losses that the user has not allowed. `option` is the option
// that allows them ("--drop"); `remedies` are for losses.
std::optional<plan::Refusal> RefusalOf(const CatalogChange& change, const ChangeQuestion& question,
                                       const std::string& option,
                                       const std::vector<std::string>& remedies);

// B511: the database differs, and no statement removes the drift.
plan::Refusal NoStatements(const CatalogChange& change);

// The transactions: the script, steps for rows, and the comparison with the goal.
plan::Plan PlanOf(const CatalogChange& change, const ChangeQuestion& question,
                  std::vector<plan::Step> row_steps);

}  // namespace ballast::commands
