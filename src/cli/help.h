// SPDX-License-Identifier: Apache-2.0
// The text of --help after the options: examples, and general information.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::cli {

// For a command ("release create"), or, if empty, for the program.
std::string HelpFooter(std::string_view command);

// The commands that have examples; the first one is empty: the program.
std::vector<std::string_view> CommandsWithExamples();

}  // namespace ballast::cli
