// SPDX-License-Identifier: Apache-2.0
// Distinguishes errors of scripts, which are the result of a proof, from those of the servers that
// it uses.
#pragma once

#include <string>

#include "base/error.h"
#include "postgres/session.h"

namespace ballast::proof {

// Whether the scripts cause it, so that it is a reason why something is not proven. False if the
// same scripts could succeed on another day: a termination request, a lost connection, a server
// that does not start, a full disk.
bool IsAboutScripts(const Error& error);

// For a script that the server has refused: `code`, "WHAT does not run: …", with the details
// "sqlstate" and "server_message"; P1017 for a lost connection. IsAboutScripts distinguishes them.
Error ScriptRefused(ErrorCode code, const std::string& what, const postgres::ServerError& error);

// Its message with the objects of its details.
std::string ReasonOf(const Error& error);

}  // namespace ballast::proof
