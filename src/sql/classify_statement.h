// SPDX-License-Identifier: Apache-2.0
// Classifies one statement by its leading words.
#pragma once

#include "sql/lexer.h"
#include "sql/statement.h"

namespace ballast::sql {

// Fills in kind, object and flags of `statement`. `reader` must be at its first token.
void ClassifyStatement(const TokenReader& reader, Statement& statement);

}  // namespace ballast::sql
