// SPDX-License-Identifier: Apache-2.0
// The end of a run: output that could not be written, and interruptions.
#pragma once

#include <cstdio>
#include <string>

#include "base/error.h"

namespace ballast::cli {

// Opens /dev/null for each standard stream that the caller closed, so that no file or connection
// gets its number. Writing to a closed stdout still fails.
void OpenStandardStreams();

// Writes and flushes. A failure to write to stdout is recorded for Conclude.
void Print(const std::string& text, std::FILE* stream);

// The exit status: `status`, unless stdout could not be written. Then prints an error to stderr and
// returns 3 instead of 0 or 1, or 4 if something was applied. A reader that closed the pipe gets no
// error, unless something was applied.
int Conclude(int status, bool applied);

// B901 instead of the error that an interruption caused, stating what was applied. `applied` is the
// number of committed migrations; `created`: the run has created the database.
Error InterruptedError(const Error& error, size_t applied, bool created);

// 128 + the signal.
int InterruptedStatus();

}  // namespace ballast::cli
