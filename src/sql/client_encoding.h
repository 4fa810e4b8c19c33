// SPDX-License-Identifier: Apache-2.0
// Statements that make the server read what the client sends in another encoding.
#pragma once

#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::sql {

// Whether the statement can set client_encoding to something else than UTF8 (SET, SET NAMES,
// set_config). The server converts a message when it receives it, so the setting applies from the
// next message on. False positives are harmless; a change inside a function is not found.
bool ChangesClientEncoding(const StatementText& statement, const TokenReader& reader);

}  // namespace ballast::sql
