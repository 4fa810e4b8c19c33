// SPDX-License-Identifier: Apache-2.0
// What a deploy says when the server refused something.
#pragma once

#include <string>
#include <vector>

#include "apply/message.h"
#include "base/error.h"
#include "postgres/session.h"

namespace ballast::apply {

// A script failed in a transaction, and nothing of it remains: P3018 with its name, line and the
// server's words. Without a script in `culprit` it is the error of a statement of ballast's own:
// B610 where the migrations table did not keep a row, else B304 or P1017.
Error ScriptError(const postgres::ServerError& error, const ErrorLocation& culprit,
                  std::string_view script = {});

// A transaction failed after all of its scripts had run: a constraint that is checked at COMMIT, a
// limit that one of them set. P3018, B610 or, for a missing privilege, B304.
Error EndOfTransactionError(const postgres::ServerError& error,
                            const std::vector<std::string>& scripts);

// A script failed outside of a transaction (B701): its row is open, part of it may have been done.
Error OutsideError(const postgres::ServerError& error, const ErrorLocation& culprit);
// "ERROR: … (SQLSTATE …)", as it is written to the row.
std::string LogsOf(const postgres::ServerError& error);

// Where a script did not find an object: whether an earlier one has emptied search_path, which the
// session is asked for. It is outside of a transaction.
void AddEmptyPathHint(postgres::Session& session, Error& error);

// B700: the server did not confirm as many COMMITs as it was sent.
Error Unconfirmed();

// The error after these migrations were committed: partial, and it names them.
Error AfterApplied(Error error, const std::vector<std::string>& applied);

}  // namespace ballast::apply
