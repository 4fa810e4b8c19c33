// SPDX-License-Identifier: Apache-2.0
// The releases that came before the one that is being made, wherever a project keeps them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "project/project_context.h"
#include "release/manifest.h"
#include "release/migration.h"

namespace ballast::proof {

// A state that deployed databases may be in: a baseline and the first few of its hotfixes.
struct EarlierRelease {
  std::string origin;               // "tag v4.0.0", "--from-release ../old", "the package folder"
  release::PreviousRelease record;  // its fingerprint is empty where hotfixes changed it
  // What the state is made of. Empty where only a later manifest remembers it: then it is made by
  // replaying its coverage.
  std::string baseline;
  std::vector<release::Migration> hotfixes;
  int vocabulary = 1;  // of the record's fingerprint (catalog/snapshot.h)
};

struct EarlierReleases {
  std::vector<EarlierRelease> releases;  // the smallest coverage first; each state once
  std::vector<std::string> notices;      // what was found and is no earlier release, or not whole
};

struct EarlierQuestion {
  std::string version;            // that is being made
  release::Coverage coverage;     // of it
  std::vector<std::string> from;  // --from-release: package folders, or their manifests
};

// From --from-release, the package folder, the tags and branches that look like releases, and the
// `previous` lists of those packages. A package in git that has migrations which this history lacks
// is a later or foreign one and left out. Errors only for what --from-release names: B400 to B406.
Result<EarlierReleases> FindEarlierReleases(const project::ProjectContext& context,
                                            const EarlierQuestion& question);

// The migrations of `coverage` that sort at or before the last one that `earlier` covers and are
// not in it: late merges.
std::vector<std::string> LateMerges(const release::Coverage& coverage,
                                    const release::Coverage& earlier);

// Names that both cover, with another checksum.
std::vector<std::string> EditedSince(const release::Coverage& coverage,
                                     const release::Coverage& earlier);

}  // namespace ballast::proof
