// SPDX-License-Identifier: Apache-2.0
// Finds what can run texts as code, or change what every object has. After that, nothing about a
// script is certain.
#pragma once

#include <optional>
#include <vector>

#include "workspace/script_tokens.h"

namespace ballast::workspace {

// The line of the first such use: eval, Function, a prototype, the module "vm" …
std::optional<int> FindHiddenCode(const std::vector<Token>& tokens);

}  // namespace ballast::workspace
