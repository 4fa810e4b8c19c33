// SPDX-License-Identifier: Apache-2.0
// A project that is loaded and verified once, for deploys to many databases.
#pragma once

#include "assess/assess.h"
#include "postgres/url.h"
#include "project/invocation.h"
#include "project/strategy_selection.h"
#include "run/deploy_options.h"

namespace ballast::run {

// What the deploys share. It is read-only after PrepareDeploy, so several threads can use it.
struct PreparedDeploy : project::LoadedProject {
  project::StrategySelection selection;
};

// Loads project and package, and selects the strategy. That suffices for one database at a time.
// `prepared.selection` is set even on errors, which are those of `ballast deploy` before it
// connects.
Status LoadForDeploy(const DeployOptions& options, const project::Invocation& invocation,
                     PreparedDeploy& prepared);

// In addition, loads everything that a database could require: the covered migrations and the
// development baseline.
Status PrepareDeploy(const DeployOptions& options, const project::Invocation& invocation,
                     PreparedDeploy& prepared);

// The assessment of that database with the timeouts of a deploy; changes nothing and takes no lock,
// with kDeploy neither. Thread-safe.
Result<assess::Assessment> AssessAt(const postgres::Target& target, const DeployOptions& options,
                                    assess::Purpose purpose, PreparedDeploy& prepared,
                                    Progress& progress);

}  // namespace ballast::run
