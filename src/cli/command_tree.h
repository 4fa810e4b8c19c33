// SPDX-License-Identifier: Apache-2.0
// The commands and options of the program as values, read from CLI11's description of them.
#pragma once

#include "cli/completion.h"

namespace CLI {
class App;
}

namespace ballast::cli {

// The program with all its commands. Hidden options and commands are left out.
CompletedCommand DescribeCommands(const CLI::App& program);

}  // namespace ballast::cli
