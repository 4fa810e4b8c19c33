// SPDX-License-Identifier: Apache-2.0
// Distinguishes errors of scripts, which are the result of a proof, from those of the servers that
// it uses.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "postgres/session.h"

namespace ballast::proof {

// Whether the scripts cause it, so that it is a reason why something is not proven. False if the
// same scripts could succeed on another day: a termination request, a lost connection, a server
// that does not start, a full disk.
bool IsAboutScripts(const Error& error);

// A script as somebody wrote it, and how many bytes of the message precede it.
struct SentScript {
  std::string_view text = {};
  size_t prefix = 0;
};

// For a script that the server has refused: `code`, "WHAT does not run: …", with the line if the
// server reports a position, and the details "sqlstate", "server_message" and, where the server
// names them, "schema" and "table"; P1017 for a lost connection. IsAboutScripts distinguishes them.
Error ScriptRefused(ErrorCode code, const std::string& what, const postgres::ServerError& error,
                    const SentScript& sent = {});

// Its message with the objects of its details.
std::string ReasonOf(const Error& error);

}  // namespace ballast::proof
