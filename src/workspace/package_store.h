// SPDX-License-Identifier: Apache-2.0
// The package folder on disk: the release package, and the development baseline beside it.
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

// Reads everything that belongs to the package, out of its folder, or of the one file that
// StorePackedPackage wrote; what it says is not yet verified
// (release::VerifyPackage). B400 names the file for want of which there is no package; B401 for
// links that lead out of the folder, B402 and B406 as ParseManifest, B104.
Result<release::Package> LoadPackage(const std::filesystem::path& folder);

// The same from files that were read elsewhere (path from the package folder → bytes). Files that
// are not the package's are left out.
Result<release::Package> MakePackage(std::map<std::string, std::string> files,
                                     const std::string& shown_folder);

// Puts the package in the place of the one that is there; other entries of the folder stay. Writes
// a .gitattributes too, where there is none. All or nothing: B105 and the old package as it was.
Status StorePackage(const std::filesystem::path& folder, const release::Package& package);

// The scripts in the folder rollback, the package's and those that somebody has written: path from
// the package folder → text. B104.
Result<std::map<std::string, std::string>> ReadRollbackScripts(const std::filesystem::path& folder);

// Where a process was killed while it stored a package: gives the old one back, if what lies there
// is not whole and the old one is. Whether it did. Beside a whole package, what such processes have
// left goes: nobody shall be given it later.
bool RestoreInterruptedPackage(const std::filesystem::path& folder);

// What release::PackPackage gave, as a file in the place of the one that is there. B105.
Status StorePackedPackage(const std::filesystem::path& file, const std::string& packed);

struct StoredBaseline {
  release::DevelopmentBaseline record;
  std::string script;
  std::string snapshot;  // as text; empty: there are none

  bool operator==(const StoredBaseline&) const = default;
};

// Nothing when there is none. B407 when one of its two files is missing or not understood. Not yet
// verified (release::VerifyDevelopmentBaseline).
Result<std::optional<StoredBaseline>> LoadDevelopmentBaseline(const std::filesystem::path& folder);

Status StoreDevelopmentBaseline(const std::filesystem::path& folder,
                                const StoredBaseline& baseline);

// A package that lies in one of the usual folders below `root`, or in `folder`.
struct LocalPackage {
  std::filesystem::path folder;
  std::optional<release::Package> package;
  std::optional<Error> problem;  // why it cannot be read
};
std::vector<LocalPackage> ListLocal(const std::filesystem::path& root,
                                    const std::filesystem::path& folder);

// A package as a tag or a branch has it.
struct PackageAtRef {
  GitRef ref;
  std::optional<release::Package> package;
  std::optional<Error> problem;  // why it cannot be read
};
// The packages of the refs that match one of the globs; refs without a package are left out. Empty
// outside a repository. B106 when the repository cannot be read.
Result<std::vector<PackageAtRef>> ListPackages(const std::filesystem::path& folder,
                                               const std::vector<std::string>& globs);

}  // namespace ballast::workspace
