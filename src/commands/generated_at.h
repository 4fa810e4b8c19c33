// SPDX-License-Identifier: Apache-2.0
// The time that a package or a squash notes as the one when it was made.
#pragma once

#include <string>

#include "base/result.h"
#include "project/invocation.h"
#include "workspace/git.h"

namespace ballast::commands {

// RFC 3339, UTC: SOURCE_DATE_EPOCH (reproducible-builds.org), else the commit's time, else now.
// B100 if SOURCE_DATE_EPOCH is not a number of seconds before the year 10000.
Result<std::string> GeneratedAt(const project::Invocation& invocation,
                                const workspace::GitState& git);

}  // namespace ballast::commands
