// SPDX-License-Identifier: Apache-2.0
// What takes back one definition. Inside of difference only.
#pragma once

#include <optional>
#include <string>

#include "difference/side.h"

namespace ballast::difference {

// The statements, each ended by ";\n"; empty where nothing has to be taken back. Nothing: no
// statement can, and the difference has to be refused.
std::optional<std::string> UndoOf(const Side& side, size_t at);

}  // namespace ballast::difference
