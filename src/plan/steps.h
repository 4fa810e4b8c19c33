// SPDX-License-Identifier: Apache-2.0
// Functions that the parts of the planner share.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The migrations without a row that counts as applied, in order.
std::vector<release::Migration> PendingOf(std::span<const release::Migration> migrations,
                                          const Observation& observation);

// Names of rows that count as applied and are in none of the lists; each once, in row order.
std::vector<std::string> UnknownNames(const Observation& observation,
                                      const std::vector<release::Migration>& known,
                                      const release::Coverage& covered);

std::vector<std::string> NamesOf(const std::vector<release::Migration>& migrations);
std::vector<std::string> NamesOf(const release::Coverage& covered);

// The migrations in `pending` that have the script of a migration in `unknown`: their folders were
// probably renamed.
std::vector<RenamedMigration> RenamedAmong(const std::vector<release::Migration>& pending,
                                           const std::vector<std::string>& unknown,
                                           const Observation& observation);
// A sentence for each of them, for notices.
std::vector<std::string> DescribeRenames(const std::vector<RenamedMigration>& renamed);

// Rows that count as applied and belong to migrations deleted from the project (empty unless the
// first migration of the project is not applied), or to a release, in a project that follows its
// history and has no package. Only a comparison shows which migrations they include. Rows of
// migrations that a squash replaces are not among them, because the squash names them.
std::vector<std::string> ForeignRows(const Intent& intent, const Observation& observation);

// The row of the release strategy that counts as applied; null if there is none, or if a migration
// of the project has its name.
const MigrationRow* RowOfRelease(const ApplyRelease& release, const Observation& observation);
const MigrationRow* RowOfRelease(const FollowHistory& history, const Observation& observation);
const MigrationRow* RowOfRelease(const Intent& intent, const Observation& observation);

// The applied migrations whose script differs from the one that was run.
std::vector<release::Migration> EditedAmong(const std::vector<release::Migration>& migrations,
                                            const Observation& observation);
// A sentence about them, for notices; or none.
std::vector<std::string> DescribeEdits(const std::vector<release::Migration>& migrations,
                                       const Observation& observation);

// The first remedy for the database of another project.
inline constexpr char kCheckUrl[] = "check the database URL, and with several projects --project";

Decision Refuse(Found found, Refusal refusal);
Refusal NotEmpty(const Observation& observation);
Refusal Ahead(const std::vector<std::string>& unknown);

}  // namespace ballast::plan
