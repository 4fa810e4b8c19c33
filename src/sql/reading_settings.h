// SPDX-License-Identifier: Apache-2.0
// Statements that change how the server reads the text that the client sends.
#pragma once

#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::sql {

// Whether the statement can set client_encoding to something else than UTF8, or make backslashes in
// strings escapes (standard_conforming_strings): SET, SET NAMES, set_config, code. The server reads
// a whole message before it runs any of it, so the setting applies from the next message on. False
// positives are harmless; a change inside a function is not found.
bool ChangesReading(const StatementText& statement, const TokenReader& reader);

}  // namespace ballast::sql
