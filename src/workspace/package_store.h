// SPDX-License-Identifier: Apache-2.0
// The package folder on disk: the release package and the development baseline.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "release/development_baseline.h"
#include "release/package.h"
#include "workspace/git.h"

namespace ballast::workspace {

// Reads all files of the package, from its folder or from the file that StorePackedPackage wrote.
// The content is not yet verified (release::VerifyPackage). B400 names the missing file; B401 for
// links that lead outside the folder; B402 and B406 as ParseManifest; B104.
Result<release::Package> LoadPackage(const std::filesystem::path& folder);

// The same from files that were read elsewhere (path from the package folder → bytes). Ignores
// files that do not belong to the package.
Result<release::Package> MakePackage(std::map<std::string, std::string> files,
                                     const std::string& shown_folder);

// Replaces the package; other entries of the folder remain. Also writes a .gitattributes if there
// is none. All or nothing: on B105 the old package is unchanged.
Status StorePackage(const std::filesystem::path& folder, const release::Package& package);

// The scripts in the folder rollback, both the package's and those that somebody has written: path
// from the package folder → text. B104.
Result<std::map<std::string, std::string>> ReadRollbackScripts(const std::filesystem::path& folder);

// Cleans up after a process that was killed while it stored a package: restores the old package if
// the present one is incomplete and the old one is complete, and returns whether it did. If the
// present package is complete, removes leftovers, so that they cannot be restored later.
bool RestoreInterruptedPackage(const std::filesystem::path& folder);

// Replaces or creates the file with the result of release::PackPackage. B105.
Status StorePackedPackage(const std::filesystem::path& file, const std::string& packed);

struct StoredBaseline {
  release::DevelopmentBaseline record;
  std::string script;
  std::string snapshot;  // rendered; empty: there is none

  bool operator==(const StoredBaseline&) const = default;
};

// No value if there is none. B407 if one of its two files is missing or malformed. Not yet verified
// (release::VerifyDevelopmentBaseline).
Result<std::optional<StoredBaseline>> LoadDevelopmentBaseline(const std::filesystem::path& folder);

Status StoreDevelopmentBaseline(const std::filesystem::path& folder,
                                const StoredBaseline& baseline);

// A package in one of the usual folders below `root`, or in `folder`.
struct LocalPackage {
  std::filesystem::path folder;
  std::optional<release::Package> package;
  std::optional<Error> problem;  // why it cannot be read
};
std::vector<LocalPackage> ListLocal(const std::filesystem::path& root,
                                    const std::filesystem::path& folder);

// A package in a tag or a branch.
struct PackageAtRef {
  GitRef ref;
  std::optional<release::Package> package;
  std::optional<Error> problem;  // why it cannot be read
};
// The packages in refs that match a glob, in `folder` or, if a ref has none there, in the other of
// .railway and .ballast; refs without a package are omitted. Empty outside a repository. B106 if
// the repository cannot be read.
Result<std::vector<PackageAtRef>> ListPackages(const std::filesystem::path& folder,
                                               const std::vector<std::string>& globs);

}  // namespace ballast::workspace
