// SPDX-License-Identifier: Apache-2.0
// A project that is read and verified once, for deploys to many databases.
#pragma once

#include <optional>

#include "assess/assess.h"
#include "commands/deploy.h"
#include "postgres/url.h"
#include "project/invocation.h"
#include "project/project_context.h"
#include "project/strategy_selection.h"

namespace ballast::commands {

// What the deploys share. Once PrepareDeploy has filled it in, nothing writes to it, so that
// several threads may deploy from it.
struct PreparedDeploy {
  std::optional<project::ProjectContext> context;
  project::Artifacts artifacts;
  std::optional<plan::Intent> intent;
  project::StrategySelection selection;
};

// Reads project and package, chooses the strategy, and loads what a deploy would load when its
// database asks for it: the covered migrations and the development baseline. What was chosen is in
// `prepared.selection`, also after an error. The errors of `ballast deploy` before it connects.
Status PrepareDeploy(const DeployOptions& options, const project::Invocation& invocation,
                     PreparedDeploy& prepared);

// `ballast deploy` to that database. `invocation` gives the progress; its URL does not count.
// Several threads may do this at once, each with a progress of its own.
DeployReport DeployTo(const postgres::Target& target, const DeployOptions& options,
                      const project::Invocation& invocation, PreparedDeploy& prepared);

// What `ballast status` looks at in that database; it changes nothing and takes no lock.
// `compare_current`: as in assess::AssessOptions. Several threads may do this at once.
Result<assess::Assessment> AssessAt(const postgres::Target& target, const DeployOptions& options,
                                    bool compare_current, PreparedDeploy& prepared,
                                    Progress& progress);

}  // namespace ballast::commands
