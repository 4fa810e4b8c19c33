// SPDX-License-Identifier: Apache-2.0
// Finds the statements of a configuration that can change process.env; for script_parser.cc.
#pragma once

#include <string_view>
#include <vector>

#include "workspace/script_parser.h"
#include "workspace/script_tokens.h"

namespace ballast::workspace {

// Whether this sign assigns in a way that is understood: "=", "?\?=", "||=".
bool IsStepSign(std::string_view sign);

// Fills `steps`, and adds every require("…") to `modules`. Imports, constants and the position of
// the export must be known. Assignments that cannot be followed go to `assigned_variables`.
void FindSteps(const std::vector<Token>& tokens, Script* script);

}  // namespace ballast::workspace
