// SPDX-License-Identifier: Apache-2.0
// Selects strategy and intent for deploy, deploy --template and status.
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

// The first part of a report: the selection, up to the step that failed.
struct StrategySelection {
  std::optional<plan::Strategy> strategy;  // empty: the selection failed before
  std::string strategy_reason;
  bool on_release_branch = false;
  std::optional<ReleaseLine> release;
  std::vector<std::string> notices;  // that require action
  std::vector<std::string> remarks;  // for information only
};

// Loads the package and selects strategy and intent. `chosen` is filled in step by step, so that it
// is part of the report even after an error. `chosen.notices` receives those of the project, of its
// variables and of the selection, and one for each hotfix that no fingerprint covers.
Result<plan::Intent> SelectIntent(const ProjectContext& context, const StrategyOverrides& overrides,
                                  Artifacts& artifacts, StrategySelection& chosen);

// A project that is ready to be compared with a database.
struct LoadedProject {
  std::optional<ProjectContext> context;  // set once the project is loaded
  Artifacts artifacts;
  std::optional<plan::Intent> intent;  // set once the strategy is selected
};

// SelectIntent for a project whose context is loaded.
Status SelectIntent(const StrategyOverrides& overrides, LoadedProject& project,
                    StrategySelection& chosen);

// Loads the project and selects the intent. Errors as LoadProject and SelectIntent.
Status LoadWithIntent(const Invocation& invocation, const std::vector<std::string>& trusted_keys,
                      const StrategyOverrides& overrides, LoadedProject& project,
                      StrategySelection& chosen);

// A package that --package names must not be replaced by the history. MissingPackage (B400) if its
// folder has neither a release package nor a development baseline.
Status CheckNamedPackage(const workspace::Project& project, const Artifacts& artifacts);

}  // namespace ballast::project
