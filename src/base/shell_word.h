// SPDX-License-Identifier: Apache-2.0
// Words of a shell's command line.
#pragma once

#include <string>

namespace ballast {

// The text as one word of a POSIX shell: in quotes if it has characters that the shell may
// interpret.
std::string ShellWord(const std::string& text);

}  // namespace ballast
