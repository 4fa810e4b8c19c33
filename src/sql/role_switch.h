// SPDX-License-Identifier: Apache-2.0
// Recognizes statements after which another role runs the rest of a script.
#pragma once

#include "sql/lexer.h"

namespace ballast::sql {

// Whether the statement is SET ROLE, SET SESSION AUTHORIZATION, a RESET of either, or RESET ALL;
// reads from its first token.
bool SwitchesRole(TokenReader statement);

}  // namespace ballast::sql
