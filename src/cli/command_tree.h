// SPDX-License-Identifier: Apache-2.0
// The commands and options of the program as values, derived from their CLI11 definitions.
#pragma once

#include "cli/completion.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library names it so
class App;
}

namespace ballast::cli {

// The program with all its commands, without hidden options and commands.
CompletedCommand DescribeCommands(const CLI::App& program);

}  // namespace ballast::cli
