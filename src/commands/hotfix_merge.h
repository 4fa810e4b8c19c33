// SPDX-License-Identifier: Apache-2.0
// `ballast hotfix merge`: the hotfixes of releases come back to the project's migrations.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"

namespace ballast::commands {

struct HotfixMergeOptions {
  std::string name;  // of one hotfix, or a part that only one has; empty: all of them
};

struct MergedHotfix {
  std::string name;
  std::string version;  // of the release that has it
  std::string place;    // of its package (known_packages.h)
  std::string folder;   // where it is now
};

struct HotfixMergeReport {
  std::vector<MergedHotfix> merged;
  std::vector<std::string> present;  // those that the migrations had before
  std::vector<std::string> notices;
  std::optional<Error> error;
};

// Copies the hotfixes of the project's packages (KnownPackagesOf) into its migrations folder: the
// same name, the same script, so that the next release recognizes them. One that is there, or that
// a squash there replaces, stays as it is. P3017 where no package has a hotfix of the name, B400
// where no package has a hotfix, B408 where the migrations have another script of the name, B105.
HotfixMergeReport MergeHotfixes(const HotfixMergeOptions& options,
                                const project::Invocation& invocation);

}  // namespace ballast::commands
