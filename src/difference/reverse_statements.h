// SPDX-License-Identifier: Apache-2.0
// Statements that revert one definition. Only for this folder.
#pragma once

#include <optional>
#include <string>

#include "difference/database_definitions.h"

namespace ballast::difference {

// Statements, each ended by ";
// "; empty if there is nothing to revert. Empty optional: no statement can, and the difference must
// be refused.
std::optional<std::string> ReverseOf(const DatabaseDefinitions& side, size_t at);

}  // namespace ballast::difference
