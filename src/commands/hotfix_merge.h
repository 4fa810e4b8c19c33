// SPDX-License-Identifier: Apache-2.0
// `ballast hotfix merge`: copies the hotfixes of releases into the project's migrations.
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
  std::string folder;   // its new folder
};

struct HotfixMergeReport {
  std::vector<MergedHotfix> merged;
  std::vector<std::string> present;  // those whose name or script the migrations had already
  std::vector<std::string> notices;
  std::optional<Error> error;
};

// Copies the hotfixes of the project's packages (KnownPackagesOf) into its migrations folder, with
// name and script unchanged, so that the next release recognizes them. Skips hotfixes that the
// folder has already, also under another name, or that one of its squashes replaces. P3017: no
// package has a hotfix of that name. B400: no package has a hotfix. B408: the folder has another
// script under that name. B100: the branch is that of a release with such a hotfix. B105.
HotfixMergeReport MergeHotfixes(const HotfixMergeOptions& options,
                                const project::Invocation& invocation);

}  // namespace ballast::commands
