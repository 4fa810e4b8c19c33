// SPDX-License-Identifier: Apache-2.0
// What --help says behind the options: examples, and what holds for every command.
#pragma once

#include <string>
#include <string_view>

namespace ballast::cli {

// Of a command by its words ("release create"); of the program itself when there are none.
std::string HelpFooter(std::string_view command);

}  // namespace ballast::cli
