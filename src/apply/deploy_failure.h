// SPDX-License-Identifier: Apache-2.0
// The errors of a deploy when the server refuses something.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apply/message.h"
#include "base/error.h"
#include "plan/plan.h"
#include "postgres/session.h"

namespace ballast::apply {

// The hint of a script that failed because of rows.
inline constexpr std::string_view kCorrectRows =
    "correct the rows that conflict, or the script, then deploy again";
// If nothing more is known.
inline constexpr std::string_view kFixScript = "fix the script, then deploy again";

// A script failed in a transaction, and nothing of it remains: P3018 with its name, line and the
// server's message. Without a script in `location`, a statement of ballast failed: B610 if the
// migrations table did not store a row, else B304 or P1017.
Error ScriptError(const postgres::ServerError& error, const ErrorLocation& location,
                  std::string_view script = {});

// A transaction failed after all of its scripts had finished: because of a constraint that is
// checked at COMMIT, or a limit that a script has set. P3018, B610 or, for a missing privilege,
// B304.
Error EndOfTransactionError(const postgres::ServerError& error,
                            const std::vector<std::string>& scripts);

// A script failed outside a transaction: its row, if it has one, is open, and parts may have been
// applied. P3018 for a syntax error, else B701; partial.
Error OutsideError(const postgres::ServerError& error, const ErrorLocation& location,
                   bool has_row = true);
// The server's error with what it means for a script that ends in the middle of a statement.
postgres::ServerError WithCutOff(postgres::ServerError error, std::string_view script);
// The objects that the server names in the detail of an error, in lines such as: view v depends on
// column a of table "T".
std::vector<std::string> DependentsIn(const std::string& detail);
// "ERROR: … (SQLSTATE …)", as written to the row.
std::string LogsOf(const postgres::ServerError& error);

// Adds the hint that an earlier script has emptied search_path, if a script did not find an object
// and the session shows it. The session must be outside a transaction.
void AddEmptyPathHint(postgres::Session& session, Error& error);

// Names the triggers and event triggers of the database that raised the error of a script, by the
// functions that the server's context names. The session must be outside a transaction.
void AddTriggerHint(postgres::Session& session, Error& error);

// For a statement that statement_timeout stopped: what to do, where the user has set the limit for
// this run. Nothing if `remedy` is empty.
void NameTimeLimit(const std::string& remedy, Error& error);

// For a statement that the server refused because the transaction is read-only (SQLSTATE 25006), or
// stopped because of statement_timeout: names the last script of the plan that set this for the
// session, if one did. That is one of the `applied` ones or, for a timeout, the one that failed.
void NameSessionCause(const plan::Plan& plan, const std::vector<std::string>& applied,
                      Error& error);

// A script that a squash has replaced is never edited: the hint is about the database alone.
void NameArchive(const plan::Plan& plan, Error& error);

// B700: the server confirmed fewer COMMITs than it was sent.
Error Unconfirmed();

// The error if these migrations were committed before it: partial, and it names them.
Error AfterApplied(Error error, const std::vector<std::string>& applied,
                   const std::string& script_noun = "migration");

}  // namespace ballast::apply
