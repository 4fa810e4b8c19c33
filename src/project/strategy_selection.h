// SPDX-License-Identifier: Apache-2.0
// What deploy, deploy --template and status are about: strategy and intent, chosen in one way.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "project/project_context.h"

namespace ballast::project {

struct ReleaseLine {
  std::string version;
  int migration_count = 0;
  size_t hotfixes = 0;
};

// The head of their reports: what was chosen, as far as the choice came.
struct StrategySelection {
  std::optional<plan::Strategy> strategy;  // empty: the choice was not reached
  std::string strategy_reason;
  bool on_release_branch = false;
  std::optional<ReleaseLine> release;
  std::vector<std::string> notices;  // where somebody should do something
  std::vector<std::string> remarks;  // where nobody has to
};

// Loads the package holdings and chooses strategy and intent. What it finds out goes into `chosen`
// at once, so that it stands in the report of an error too; `chosen.notices` get those of the
// project, of its variables and of the choice, and each hotfix that no fingerprint speaks for.
Result<plan::Intent> SelectIntent(const ProjectContext& context, const StrategyOverrides& overrides,
                                  Artifacts& artifacts, StrategySelection& chosen);

}  // namespace ballast::project
