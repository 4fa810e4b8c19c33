// SPDX-License-Identifier: Apache-2.0
// What libpq reports about a connection that failed, as an error.
#pragma once

#include <string>

#include "base/result.h"
#include "postgres/url.h"

namespace ballast::postgres {

// libpq's message, which has a line for each address and question, as sentences on one line
// without the last full stop.
std::string OnOneLine(const std::string& message);

struct Refusal {
  std::string message;   // as with the default verbosity, on one line
  std::string sqlstate;  // of the server or pooler; empty: libpq itself failed
};

// Reads libpq's message of a failed connection with PQERRORS_VERBOSE (pqBuildErrorMessage3 of
// fe-protocol3.c): the severity, which may be translated, two spaces, the SQLSTATE, the message,
// and a last line LOCATION. A message of another verbosity is only put on one line.
Refusal ReadRefusal(const std::string& message);

// The name of a detail: the peer accepted the connection, and did not answer the login in time.
inline constexpr char kSilentAfterAccepting[] = "silent_after_accepting";

// `needs_password`: the server asked for a password, and there was none.
Error ConnectError(const Target& target, Refusal refusal, bool needs_password);

// Whether the error of a connection is that no database answers (P1001, P1002, P1003, P1017).
bool MeansUnreachable(ErrorCode code);

}  // namespace ballast::postgres
