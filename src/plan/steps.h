// SPDX-License-Identifier: Apache-2.0
// What the parts of the planner share.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The migrations of `wanted` that no row counts as applied, in order.
std::vector<release::Migration> PendingOf(std::span<const release::Migration> wanted,
                                          const Observation& observation);

// Names of rows that count as applied and are in none of the lists; each once, by first row.
std::vector<std::string> UnknownNames(const Observation& observation,
                                      const std::vector<release::Migration>& known,
                                      const release::Coverage& covered);

std::vector<std::string> NamesOf(const std::vector<release::Migration>& migrations);

// A sentence for each migration that is to run and has the script of one that is recorded under a
// name that the project does not have: its folder may have been renamed.
std::vector<std::string> RenamedInWords(const std::vector<release::Migration>& pending,
                                        const std::vector<std::string>& unknown,
                                        const Observation& observation);

// Rows of migrations that were deleted from the project, as a squash leaves them: rows count as
// applied that the project does not know, and its first migration is none of them. Empty: not so.
std::vector<std::string> DeletedMigrations(const Intent& intent, const Observation& observation);

// Applied migrations whose script is not the one that was run, in words; empty: none.
std::vector<std::string> EditedInWords(const std::vector<release::Migration>& migrations,
                                       const Observation& observation);

Decision Refuse(Found found, Refusal refusal);
Refusal NotEmpty(const Observation& observation);
Refusal Ahead(const std::vector<std::string>& unknown);

}  // namespace ballast::plan
