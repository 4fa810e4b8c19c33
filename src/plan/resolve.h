// SPDX-License-Identifier: Apache-2.0
// Decides for `resolve` which rows of the migrations table are closed, added or replaced
// (prisma-engines schema-engine/commands/src/commands/mark_migration_applied.rs,
// mark_migration_rolled_back.rs). Nothing is run.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "plan/switch_strategy.h"
#include "release/migration.h"

namespace ballast::plan {

struct ResolutionRequest {
  std::vector<std::string> applied;      // names, or patterns with * and ?
  std::vector<std::string> rolled_back;  // likewise
  bool all_covered = false;              // also mark everything that the baseline covers
  // With all_covered, the strategy was named: rows are converted to it, and a database that has
  // rows of it already gets no others, because nothing is compared then.
  bool only_converts = false;
};

// What the project has.
struct ResolvableMigrations {
  std::vector<release::Migration> history;   // in Prisma's order
  std::vector<release::Migration> package;   // of the release package: its baseline, its hotfixes
  release::Coverage of_package;              // what the baseline of the package covers
  std::optional<release::Coverage> covered;  // by the development baseline, else by the package
  // The selected one, or why none can be selected.
  Result<Strategy> strategy = Strategy::kDevelopment;
};

// Rows to change; all of them or none.
struct Resolution {
  std::vector<std::string> applied;      // the names that were requested, patterns expanded
  std::vector<std::string> rolled_back;  // likewise
  std::vector<std::string> close;        // mark the open rows of these names as rolled back
  release::Coverage mark;                // add a row as applied for each
  bool has_its_rows = false;             // only_converts, and there was nothing to convert
};

using ResolutionDecision = std::variant<Resolution, RowConversion>;

// Whether the request converts rows of the other strategy. The catalog must then be compared with
// the known states before the decision (Observation::compared). Fails if that depends on the
// strategy and none can be selected.
Result<bool> NeedsConversion(const ResolutionRequest& request,
                             const ResolvableMigrations& migrations,
                             const Observation& observation);

// P3017: no such migration. P3008: already applied. P3011: no row of that name. P3012: no row of
// that name is in a failed state. B407: `all_covered` without a baseline. B504: the requested rows
// are those of the other strategy than the database's, or would record a release that nobody
// compared. Converts to a release only rows that are not those of another project (B501).
Result<ResolutionDecision> DecideResolution(const ResolutionRequest& request,
                                            const ResolvableMigrations& migrations,
                                            const Observation& observation);

}  // namespace ballast::plan
