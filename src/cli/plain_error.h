// SPDX-License-Identifier: Apache-2.0
// Errors without parsed options: of the arguments themselves, and exceptions.
#pragma once

#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/progress_output.h"
#include "cli/terminal.h"

namespace ballast::cli {

// The text contains names and messages from outside, which must not control the terminal.
void PrintText(const std::string& text, const Style& style, std::FILE* stream);

// The error as an event of a JSON log.
RunEvent EventOf(const Error& error, const std::string& hint);

// Whether the arguments set an option to json; for arguments that may not be valid.
bool AsksForJson(const std::vector<std::string>& arguments, const std::string& option);

// Prints the error in the form that the arguments ask for. Returns the exit status.
int ShowPlainError(const Error& error, const std::vector<std::string>& arguments);

// The exit status of `run`; for an exception, that of B900, which is printed as ShowPlainError
// does.
int RunWithoutExceptions(const std::vector<std::string>& arguments,
                         const std::function<int(const std::vector<std::string>&)>& run);

}  // namespace ballast::cli
