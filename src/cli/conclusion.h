// SPDX-License-Identifier: Apache-2.0
// The end of a run: an answer that reaches its reader or is missed, and what an interruption left.
#pragma once

#include <cstdio>
#include <string>

#include "base/error.h"

namespace ballast::cli {

// Opens /dev/null in place of a standard stream that the caller closed, so that no file or
// connection takes its number. Writing to a stdout that was closed fails, as it should.
void OpenStandardStreams();

// Writes and flushes. What cannot be written to stdout is remembered; stderr is the last resort.
void Print(const std::string& text, std::FILE* stream);

// The exit status: `status`, unless the answer could not be written to stdout. Then stderr says so,
// and a run that would have ended with 0 or 1 ends with 3, or with 4 when something was applied.
int Conclude(int status, bool applied);

// B901 in place of the error that a request to end led to: what was applied and stays. `applied`
// counts migrations whose commit was seen.
Error InterruptedError(const Error& error, size_t applied);

// 128 + the signal.
int InterruptedStatus();

}  // namespace ballast::cli
