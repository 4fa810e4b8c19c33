// SPDX-License-Identifier: Apache-2.0
// Finds uses of what can load environment variables that are not calls which script_steps.h
// follows: `dotenv["config"]()`, `const load = process`, `(await import("dotenv")).config()`.
#pragma once

#include <vector>

#include "workspace/script_environment.h"
#include "workspace/script_parser.h"
#include "workspace/script_tokens.h"

namespace ballast::workspace {

// In the order of the text. Imports, constants and declarations of the script must be known.
std::vector<EnvironmentEffect> FindLoaderUses(const std::vector<Token>& tokens,
                                              const Script& script);

}  // namespace ballast::workspace
