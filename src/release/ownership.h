// SPDX-License-Identifier: Apache-2.0
// Which project a package belongs to. A package is never used for another one, even where branch,
// folder or options would lead to it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "release/manifest.h"

namespace ballast::release {

// The project that a command works on, as far as it tells whose package it is.
struct ProjectView {
  ProjectIdentity identity;
  // Names of the migration folders on disk, in any order; empty: the project has no migrations
  // (an image that holds only the package).
  std::vector<std::string> migrations;
  // Whether the script of that migration on disk has this checksum.
  std::function<bool(const CoveredMigration&)> has_script;
  // Whether a schema exists at this path from the root of the repository.
  std::function<bool(const std::string&)> schema_exists;
};

enum class Ownership {
  kOwn,
  kOther,      // the manifest names another project that exists in this repository
  kUnrelated,  // the package covers other migrations than the project has
};

// Packages of earlier tools do not name their project: the migrations alone decide.
Ownership OwnershipOf(const Manifest& manifest, const ProjectView& project);

// B409 with the names of both and what to do, for what is not kOwn. `folder` is the package's.
Status CheckOwnership(Ownership ownership, const Manifest& manifest, const ProjectView& project,
                      const std::string& folder);

// What differs between a package's coverage and the migrations on disk, by name.
struct CoverageDifference {
  std::vector<std::string> not_covered;  // on disk only
  std::vector<std::string> not_on_disk;  // in the package only
};
// Nothing where there are no migrations on disk. `hotfixes` are names that the package has as
// hotfixes.
CoverageDifference CompareCoverage(const Coverage& coverage,
                                   const std::vector<std::string>& hotfixes,
                                   const std::vector<std::string>& on_disk);

}  // namespace ballast::release
