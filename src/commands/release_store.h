// SPDX-License-Identifier: Apache-2.0
// What lies in the package folder, and what becomes of it when a package or a development baseline
// is asked for: it is kept as it is, replaced, or stands in the way.
#pragma once

#include <optional>

#include "base/result.h"
#include "commands/release.h"
#include "proof/package_inputs.h"
#include "release/package.h"
#include "release/seal.h"
#include "workspace/package_store.h"

namespace ballast::commands {

// Where a process was killed while it stored a package here, the one before it comes back, and a
// notice says so. For commands that write packages; those that read refuse a half one.
void RestoreInterrupted(const project::ProjectContext& context, std::vector<std::string>& notices);

// The package that lies there, if it is whole, has no hotfixes that the manifest does not name, and
// was made from exactly this: making it again would give the same.
std::optional<release::Package> PackageWithInputs(const proof::PackageInputs& from,
                                                  const proof::CreateOptions& options);

// Leaves it as it is, but for a seal by `key` that it does not have yet, and reports what its
// manifest says. B105.
Status KeepPackage(const project::ProjectContext& context, release::Package package,
                   const std::optional<release::SecretKey>& key, CreateReport& report);

// Puts the package where it belongs, with the seal that was asked for. A package that says the same
// as the one there leaves that one as it is, but for a seal that it does not have yet. B403 when
// the same version lies there with other content and --replace was not said; B105. With --check
// nothing is written, and B410 says that the content differs.
Status StorePackage(const proof::CreateOptions& options, const project::ProjectContext& context,
                    release::Package package, const std::optional<release::SecretKey>& key,
                    CreateReport& report);

// For --check: what is stale in the package that lies there, by comparing it with the inputs: B400,
// B401, B410. True where that settles the question: a package with hotfixes, which is not made by
// `release create` alone, and is not stale.
Result<bool> CheckPackage(const proof::PackageInputs& from, const proof::CreateOptions& options,
                          CreateReport& report);
// The same for the development baseline: B407.
Status CheckBaseline(const proof::PackageInputs& from);

// The same for the development baseline, which may always be replaced.
std::optional<workspace::StoredBaseline> BaselineWithInputs(const proof::PackageInputs& from,
                                                            const proof::CreateOptions& options);
void KeepBaseline(const workspace::StoredBaseline& baseline, CreateReport& report);
Status StoreBaseline(const proof::PackageInputs& from, const proof::CreateOptions& options,
                     const workspace::StoredBaseline& baseline, CreateReport& report);

}  // namespace ballast::commands
