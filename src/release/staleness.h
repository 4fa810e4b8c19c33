// SPDX-License-Identifier: Apache-2.0
// What is stale in a package or a development baseline: how the migrations on disk differ from
// those that it covers.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "release/coverage.h"
#include "release/migration.h"

namespace ballast::release {

// Differences between the inputs on disk and those that a record was created from.
struct Staleness {
  std::vector<std::string> added;    // not covered
  std::vector<std::string> edited;   // covered, with a different script (line endings are ignored)
  std::vector<std::string> deleted;  // covered, not on disk
  bool schema = false;               // the schema was changed
  bool config = false;               // the variables of the database URL were changed
  // Created now, it would differ, although none of the above did.
  bool content = false;
  std::vector<std::string> missing_paths;  // releases from which it lacks an upgrade path

  bool Any() const { return !added.empty() || schema || !IsOnlyBehind(); }
  // Whether nothing but newer migrations or a newer schema made it stale.
  bool IsOnlyBehind() const { return edited.empty() && deleted.empty() && !config && !content; }
};

Staleness CompareWithMigrations(const Coverage& coverage, const std::vector<Migration>& migrations);

// B410 for a package, B407 for a baseline: "… is stale: 2 migrations are not covered (a, b)".
// "migration" details list the names. `folder`: the migrations folder, as messages name it.
Error StaleError(ErrorCode code, const std::string& what, const Staleness& staleness,
                 const std::string& folder);

// "restore it from git: git restore prisma/migrations/1_a": how to get back the scripts of these
// migrations in `folder`, as the first of several remedies.
std::string RestoreFromGit(const std::vector<std::string>& names, const std::string& folder);

}  // namespace ballast::release
