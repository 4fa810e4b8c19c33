// SPDX-License-Identifier: Apache-2.0
// Decides what happens to the content of the package folder when a package or development baseline
// is made: keep, replace, or refuse.
#pragma once

#include <optional>

#include "base/result.h"
#include "commands/release_create.h"
#include "proof/package_inputs.h"
#include "release/package.h"
#include "release/seal.h"
#include "workspace/package_store.h"

namespace ballast::commands {

// Restores the previous package if a process was killed while storing one, and adds a notice. For
// commands that write packages; others refuse incomplete packages.
void RestoreInterrupted(const project::ProjectContext& context, std::vector<std::string>& notices);

// The existing package if it is complete, has no hotfixes that the manifest does not list, and was
// made from the same inputs, so that making it again would give the same result. Also one with
// hotfixes on top of such a release, unless it shall be replaced.
std::optional<release::Package> PackageWithInputs(const proof::PackageInputs& from,
                                                  const proof::CreateOptions& options);

// Keeps the package, adds a seal by `key` if it has none, and reports its manifest. B105.
Status StoreUnchangedPackage(const project::ProjectContext& context, release::Package package,
                             const std::optional<release::SecretKey>& key, CreateReport& report);

// B403 if the version exists, also in a tag or branch, and covers other migrations than the project
// has now, so that its content cannot be the same. For --replace and --check never.
Status CheckVersionIsFree(const proof::PackageInputs& from, const proof::CreateOptions& options);

// Stores the package with the requested seal. An equivalent existing package is kept, and only gets
// a seal if it has none. B403 if the same version exists with different content, also in a tag or
// branch, and --replace was not given; B105. With --check nothing is written, and B410 reports that
// the content differs.
Status StorePackage(const proof::CreateOptions& options, const proof::PackageInputs& from,
                    release::Package package, const std::optional<release::SecretKey>& key,
                    CreateReport& report);

// For --check: compares the existing package with the inputs. B400, B401, B410. Returns true if
// that is sufficient: for a package with hotfixes, which `release create` alone does not make, and
// which is not stale.
Result<bool> CheckPackage(const proof::PackageInputs& from, const proof::CreateOptions& options,
                          CreateReport& report);
// The same for the development baseline: B407.
Status CheckBaseline(const proof::PackageInputs& from, CreateReport& report);

// The same for the development baseline, which can always be replaced.
std::optional<workspace::StoredBaseline> BaselineWithInputs(const proof::PackageInputs& from,
                                                            const proof::CreateOptions& options);
void ReportBaseline(const workspace::StoredBaseline& baseline, CreateReport& report);
Status StoreBaseline(const proof::PackageInputs& from, const proof::CreateOptions& options,
                     const workspace::StoredBaseline& baseline, CreateReport& report);

}  // namespace ballast::commands
