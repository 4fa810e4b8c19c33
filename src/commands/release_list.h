// SPDX-License-Identifier: Apache-2.0
// `ballast release list` and `ballast release diff A B`: the packages of the repository.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/snapshot.h"
#include "project/invocation.h"
#include "release/diff.h"

namespace ballast::commands {

struct ListedRelease {
  std::string version;
  std::string place;  // "tag v4.0.0", a folder
  int migration_count = 0;
  int hotfixes = 0;
  std::string baseline_includes_up_to;
  std::string fingerprint;
  std::string generated_at;
  std::vector<std::string> moves_from;
  std::string problem;  // why the package cannot be used; or empty
};

struct ListReport {
  std::vector<ListedRelease> releases;        // those on disk, then those in git
  std::string folder;                         // of the project's package
  std::vector<std::string> inputs;            // the files and folders that a package is made from
  std::vector<std::string> release_branches;  // globs: the branches that deploy a release
  std::optional<Error> error;
};

// Errors as LoadProject and KnownPackagesOf; no release is none.
ListReport ListReleases(const project::Invocation& invocation);

struct ReleaseDiffReport {
  release::PackageDiff diff;
  std::vector<catalog::Difference> differences;  // of the proven catalogs
  // For the reader: the versions, or what was given if these are the same.
  std::string name_a;
  std::string name_b;
  std::vector<std::string> notices;  // which releases are compared without their hotfixes
  std::optional<Error> error;
};

// A and B are versions in the list, names of tags or branches, or package folders. "v1.0.0" is the
// release without its hotfixes, "v1.0.0+hotfix.2" with them. B400 for anything else.
ReleaseDiffReport DiffReleases(const std::string& a, const std::string& b,
                               const project::Invocation& invocation);

}  // namespace ballast::commands
