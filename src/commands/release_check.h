// SPDX-License-Identifier: Apache-2.0
// What is stale in a package or a development baseline, by name: for `--check`, which writes
// nothing, and the version that `release create` takes where none is given.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "project/invocation.h"
#include "proof/package_inputs.h"
#include "release/manifest.h"

namespace ballast::commands {

// How the migrations on disk differ from those that a record covers.
struct Staleness {
  std::vector<std::string> added;    // not covered
  std::vector<std::string> edited;   // covered, with another script (line endings do not count)
  std::vector<std::string> deleted;  // covered, not on disk
  bool schema = false;               // the schema's snapshot is another

  bool Any() const { return !added.empty() || !edited.empty() || !deleted.empty() || schema; }
};

Staleness CompareWithMigrations(const release::Coverage& coverage,
                                const std::vector<release::Migration>& migrations);

// B410 for a package, B407 for a baseline: "… is stale: 2 migrations are not covered (a, b)". The
// names are "migration" details.
Error StaleError(ErrorCode code, const std::string& what, const Staleness& staleness);

// The options with a version: the given one, else, for `--check`, that of the package, else that of
// the release branch or tag which is checked out. B100 when there is none.
Result<proof::CreateOptions> WithVersion(const proof::CreateOptions& options,
                                         const project::Invocation& invocation);

}  // namespace ballast::commands
