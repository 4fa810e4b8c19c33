// SPDX-License-Identifier: Apache-2.0
// Finds where a script may change objects after they were made: assignments to members,
// Object.assign, deletions, and calls that an object is passed to. For script_parser.cc.
#pragma once

#include <set>
#include <vector>

#include "workspace/script_parser.h"
#include "workspace/script_tokens.h"

namespace ballast::workspace {

// Sets `script->changes`. `declarations` are the positions of each "=" that declares a name; the
// constants and imports of the script must be known. A change through another name of the same
// object is a change of both.
void FindChanges(const std::vector<Token>& tokens, const std::set<size_t>& declarations,
                 Script* script);

}  // namespace ballast::workspace
