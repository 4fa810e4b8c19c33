// SPDX-License-Identifier: Apache-2.0
// Determines which migrations are pending for `ballast lint`, and the state before them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "lint/measurement.h"
#include "project/invocation.h"
#include "project/project_context.h"
#include "release/migration.h"

namespace ballast::commands {

struct LintScope {
  std::string since;  // a description
  // The scripts that create the state before: migrations, or a baseline and its hotfixes.
  std::vector<release::Migration> base;
  bool runs_package = false;  // `base` is of the package folder, not of a commit
  release::Coverage applied;  // the migrations of that state
  std::vector<release::Migration> on_disk;
  std::vector<release::Migration> pending;  // in Prisma's order
  std::vector<std::string> notices;
};

// `since` is the name of a migration on disk (those after it are pending), else the version of a
// known release, else a git ref. If empty: the database of --database-url, else the release
// package, else the development baseline, else the last commit. B102 without migrations, B106 for
// an unknown name.
Result<LintScope> PendingSince(const std::string& since, const project::ProjectContext& context,
                               const project::Invocation& invocation);

}  // namespace ballast::commands
