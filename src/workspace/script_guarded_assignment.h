// SPDX-License-Identifier: Apache-2.0
// Whether an assignment to a variable of process.env keeps a variable that is set. Loaders of .env
// files that projects write themselves usually do. For script_environment.cc.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "workspace/script_tokens.h"

namespace ballast::workspace {

// An assignment to ENVIRONMENT[NAME].
struct NamedAssignment {
  std::string_view environment;  // "process.env", or a name that it has
  size_t begin = 0;              // where the assigned expression begins
  size_t bracket = 0;            // the "[" in front of the name
  size_t sign = 0;
};

// True if the sign is ??= or ||=, or if it happens only where the variable of that very name is not
// set or is empty: in an `if` that asks for it, or behind one that continues or returns otherwise.
bool KeepsVariablesThatAreSet(const std::vector<Token>& tokens, const NamedAssignment& assignment);

}  // namespace ballast::workspace
