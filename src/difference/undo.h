// SPDX-License-Identifier: Apache-2.0
// Statements that revert one definition. Only for this folder.
#pragma once

#include <optional>
#include <string>

#include "difference/side.h"

namespace ballast::difference {

// Statements, each ended by ";
// "; empty if there is nothing to revert. Empty optional: no statement can, and the difference must
// be refused.
std::optional<std::string> UndoOf(const Side& side, size_t at);

}  // namespace ballast::difference
