// SPDX-License-Identifier: Apache-2.0
// Finds the statements of a configuration that can change process.env; for script_parser.cc.
#pragma once

#include <string_view>
#include <vector>

#include "workspace/script_environment.h"
#include "workspace/script_parser.h"
#include "workspace/script_tokens.h"

namespace ballast::workspace {

// Whether the tokens at `at` are process.env.
bool IsEnvironmentAt(const std::vector<Token>& tokens, size_t at);

// Whether the token at `sign` assigns a variable in a way that FindSteps understands:
// process.env.A = …, with "=", "?\?=" or "||=".
bool IsEnvironmentStep(const std::vector<Token>& tokens, size_t sign);

// Whether the parenthesis opens the arguments of Object.assign(process.env, { A: … }), each of
// which is a step.
bool IsEnvironmentAssign(const std::vector<Token>& tokens, size_t parenthesis);

void SetEffect(const EnvironmentEffect& effect, Script::Step* step);

// Adds to `steps`, and adds every require("…") to `modules`. Imports, constants and the position of
// the export must be known. Assignments that cannot be followed go to `assigned_variables`.
void FindSteps(const std::vector<Token>& tokens, Script* script);

}  // namespace ballast::workspace
