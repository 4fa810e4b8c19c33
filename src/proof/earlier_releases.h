// SPDX-License-Identifier: Apache-2.0
// Finds the releases before the one that is being made, wherever a project keeps them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/dated_partitions.h"
#include "project/project_context.h"
#include "release/manifest.h"
#include "release/migration.h"

namespace ballast::proof {

// A state that deployed databases can be in: a baseline and its first hotfixes.
struct EarlierRelease {
  std::string origin;               // "tag v4.0.0", "--from-release ../old", "the package folder"
  release::PreviousRelease record;  // its fingerprint is empty if hotfixes changed it
  // The script of the state. Empty if only a later manifest lists it: then the state is built by
  // replaying its coverage.
  std::string baseline;
  std::vector<release::Migration> hotfixes;
  int vocabulary = 1;         // of the record's fingerprint (catalog/snapshot.h)
  catalog::Scope asked = {};  // everything, and what only this state asks for (EverythingAnd)
  catalog::DatedPartitions dated = {};
  // What its package proved; null if the package does not have it.
  catalog::SharedSnapshot proven = nullptr;
};

// A package of the version that is being made, in a tag or a branch.
struct KnownVersion {
  std::string origin;  // "tag v4.0.0"
  release::Manifest manifest;
};

struct EarlierReleases {
  std::vector<EarlierRelease> releases;  // smallest coverage first; each state once
  std::vector<KnownVersion> same_version;
  std::vector<std::string> notices;  // about packages that are incomplete or not earlier releases
};

struct EarlierQuestion {
  std::string version;            // the version being made
  release::Coverage coverage;     // its coverage
  std::vector<std::string> from;  // --from-release: package folders, or their manifests
};

// Searches --from-release, the package folder, tags and branches that look like releases, and the
// `previous` lists of these packages. A package in git with migrations that this history lacks is
// later or foreign, and ignored. Errors only for --from-release: B400 to B406.
Result<EarlierReleases> FindEarlierReleases(const project::ProjectContext& context,
                                            const EarlierQuestion& question);

// The migrations of `coverage` that are not in `earlier` and sort before its last one: late merges.
std::vector<std::string> LateMerges(const release::Coverage& coverage,
                                    const release::Coverage& earlier);

// Names that both cover, with different checksums.
std::vector<std::string> EditedSince(const release::Coverage& coverage,
                                     const release::Coverage& earlier);

}  // namespace ballast::proof
