// SPDX-License-Identifier: Apache-2.0
// Reports what is stale in a package or development baseline, for `--check`, which writes nothing;
// and determines the version if none is given to `release create`.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "project/invocation.h"
#include "proof/package_inputs.h"
#include "release/manifest.h"

namespace ballast::commands {

// Differences between the migrations on disk and those that a record covers.
struct Staleness {
  std::vector<std::string> added;    // not covered
  std::vector<std::string> edited;   // covered, with a different script (line endings are ignored)
  std::vector<std::string> deleted;  // covered, not on disk
  bool schema = false;               // the schema was changed
  bool config = false;               // the variables of the database URL were changed

  bool Any() const {
    return !added.empty() || !edited.empty() || !deleted.empty() || schema || config;
  }
};

Staleness CompareWithMigrations(const release::Coverage& coverage,
                                const std::vector<release::Migration>& migrations);

// B410 for a package, B407 for a baseline: "… is stale: 2 migrations are not covered (a, b)".
// "migration" details list the names.
Error StaleError(ErrorCode code, const std::string& what, const Staleness& staleness);

// The options with a version: the given one, else, for `--check`, that of the package, else that of
// the checked-out release branch or tag. B100 if there is none.
Result<proof::CreateOptions> WithVersion(const proof::CreateOptions& options,
                                         const project::Invocation& invocation);

}  // namespace ballast::commands
