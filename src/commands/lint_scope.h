// SPDX-License-Identifier: Apache-2.0
// Which migrations are pending for `ballast lint`, and what comes before them.
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
  std::string since;  // in words
  // What makes the state before: migrations, or a baseline and its hotfixes.
  std::vector<release::Migration> base;
  release::Coverage applied;  // the migrations of the state before
  std::vector<release::Migration> on_disk;
  std::vector<release::Migration> pending;  // in Prisma's order
  std::vector<std::string> notices;
};

// `since`: the name of a migration on disk (those after it are pending), else the version of a
// release that the project knows, else a git ref. Empty: the database of --database-url, else the
// release package, else the development baseline, else the last commit. B102 without migrations,
// B106 where the name is none of these.
Result<LintScope> PendingSince(const std::string& since, const project::ProjectContext& context,
                               const project::Invocation& invocation);

}  // namespace ballast::commands
