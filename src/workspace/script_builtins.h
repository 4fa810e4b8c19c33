// SPDX-License-Identifier: Apache-2.0
// The names of modules and globals of JavaScript whose meaning is known; for script_value.cc. A
// meaning is a name such as "path.join", "fs.existsSync" or "prisma.env".
#pragma once

#include <string>
#include <string_view>

#include "workspace/script_parser.h"

namespace ballast::workspace {

// What is imported; empty if it is not known.
std::string BuiltinOf(const Script::Import& import);

// What a name means without an import, or by one that was left out; empty if it is not known.
std::string GlobalOf(std::string_view name);

}  // namespace ballast::workspace
