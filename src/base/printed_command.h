// SPDX-License-Identifier: Apache-2.0
// The commands of ballast that a text tells the reader to run.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast {

struct PrintedCommand {
  size_t begin = 0;       // in the text: after "ballast "
  std::string_view name;  // "deploy"; of other text than a command anything, or nothing
  std::string_view text;  // from there to its end: of the line, of the code, of the clause
};

// The next one from the position `from`.
std::optional<PrintedCommand> NextCommand(std::string_view text, size_t from);

// Whether the arguments contain the option: "--flag", "--flag value" or "--flag=value".
bool HasOption(std::string_view arguments, std::string_view flag);

// "run ballast deploy --adopt" → "run ballast deploy --database-url URL --adopt", in each command
// whose database is that of the option, unless it has the option already. `url`: a word of a
// shell's command line; empty: the text is unchanged.
std::string WithDatabaseUrl(std::string text, std::string_view url);

}  // namespace ballast
