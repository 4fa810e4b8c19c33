// SPDX-License-Identifier: Apache-2.0
// Finds what may change process.env in ways that only running the script would show: computed
// names, calls that get process.env, and other loaders of .env files. For script_parser.cc.
#pragma once

#include <string>
#include <vector>

#include "workspace/script_parser.h"
#include "workspace/script_tokens.h"

namespace ballast::workspace {

// Such a place. Each of them may change all variables, or only set those that are not set.
struct EnvironmentEffect {
  size_t at = 0;     // the token
  std::string what;  // a clause without its subject: "passes process.env to f()"
  bool overrides = true;
};

// In the order of the text. Imports and constants of the script must be known. Single variables
// that are assigned in ways that no step follows go to `assigned_variables`.
std::vector<EnvironmentEffect> FindEnvironmentEffects(const std::vector<Token>& tokens,
                                                      Script* script);

}  // namespace ballast::workspace
