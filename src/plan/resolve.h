// SPDX-License-Identifier: Apache-2.0
// Decides for `resolve` which rows are closed and which are added (prisma-engines
// schema-engine/commands/src/commands/mark_migration_applied.rs, mark_migration_rolled_back.rs).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/observation.h"
#include "release/migration.h"

namespace ballast::plan {

struct ResolutionRequest {
  std::vector<std::string> applied;
  std::vector<std::string> rolled_back;
};

struct Resolution {
  std::vector<std::string> close;  // mark the open rows of these names as rolled back
  release::Coverage mark;          // add a row as applied for each
};

// All names or none. P3017: no such migration. P3008: already applied. P3011: no row of that name.
// P3012: no row of that name is in a failed state.
Result<Resolution> DecideResolution(const ResolutionRequest& overrides,
                                    const std::vector<release::Migration>& on_disk,
                                    const Observation& observation);

}  // namespace ballast::plan
