// SPDX-License-Identifier: Apache-2.0
// Checks which project a package belongs to. A package is never used for another project, whatever
// branch, folder or options are given.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "release/manifest.h"

namespace ballast::release {

// What identifies the project that a command works on.
struct ProjectView {
  ProjectIdentity identity;
  // Names of the migration folders on disk, in any order; empty if the project has no migrations
  // (an image that contains only the package).
  std::vector<std::string> migrations;
  // Whether the script of that migration on disk has this checksum.
  std::function<bool(const CoveredMigration&)> has_script;
  // Whether a schema exists at this path, relative to the root of the repository.
  std::function<bool(const std::string&)> schema_exists;
};

enum class Ownership {
  kOwn,
  kOther,      // the manifest names another project that exists in this repository
  kUnrelated,  // the package has other migrations, or models, than the project
};

// Packages of earlier versions do not name their project; then only the migrations decide.
Ownership OwnershipOf(const Manifest& manifest, const ProjectView& project);

// Whether the record names another project that exists in this repository, or has another name.
bool IsOfOtherProject(const ProjectIdentity& recorded, const ProjectView& project);

// Whether only the models can show that a package is another project's: the project has no
// migrations, and another path than the manifest names.
bool DependsOnModels(const Manifest& manifest, const ProjectView& project);

// Whether the models of the two schemas differ. Hotfixes may have added models since. A schema
// without models has no others.
bool AreOtherModels(const std::set<std::string>& packaged, const std::set<std::string>& here,
                    bool has_hotfixes);

// B409 for a development baseline of another project. `folder` is where it was found.
Status CheckBaselineOwner(const std::optional<ProjectIdentity>& recorded,
                          const ProjectView& project, const std::string& folder);

// B409 with the names of both projects and a remedy, unless `ownership` is kOwn. `folder` is the
// package's.
Status CheckOwnership(Ownership ownership, const Manifest& manifest, const ProjectView& project,
                      const std::string& folder);

}  // namespace ballast::release
