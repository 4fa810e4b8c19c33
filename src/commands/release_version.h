// SPDX-License-Identifier: Apache-2.0
// Determines the version of `release create` if none is given.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "project/invocation.h"
#include "proof/package_inputs.h"
#include "release/manifest.h"

namespace ballast::commands {

// The options with a version: the given one, else that of the checked-out release branch, else, for
// `--check`, that of the package, else that of the tag. B100 if there is none; B404, except for
// `--check` and `--package`, if a release branch of another version is checked out.
// `project` receives its name, as run reports have it.
Result<proof::CreateOptions> WithVersion(const proof::CreateOptions& options,
                                         const project::Invocation& invocation,
                                         std::string* project);

}  // namespace ballast::commands
