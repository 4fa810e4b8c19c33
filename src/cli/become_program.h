// SPDX-License-Identifier: Apache-2.0
// The end of a process that becomes another program, as `deploy -- PROGRAM` does.
#pragma once

#include <string>
#include <vector>

namespace ballast::cli {

// Replaces the process by the program, found by PATH, with the signals that the process was started
// with. Returns only if it cannot be started: the exit status of shells, 127 if there is no such
// program, else 126, after an error on stderr.
int BecomeProgram(const std::vector<std::string>& arguments);

}  // namespace ballast::cli
