// SPDX-License-Identifier: Apache-2.0
// Parses .env files as the dotenv package (16.x) does, and expands variables as Prisma does. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ballast::workspace {

using Variables = std::map<std::string, std::string, std::less<>>;

// KEY=value, `export KEY=value`, `KEY: value`; the value is unquoted or in '…', "…" or `…`,
// possibly on several lines; # begins a comment outside quotes; \n and \r are escapes inside "…"
// only. Other lines are ignored. The last line of a key wins.
Variables ParseDotenv(std::string_view text);

// The text of a .env file in an encoding that Node.js names: "utf8", "ascii", "latin1", "utf16le"
// or another name of these; empty means UTF-8. No value for any other encoding.
std::optional<std::string> DecodeDotenv(std::string_view bytes, std::string_view encoding);

// Expands ${NAME} in every value; \${NAME} is literal. `environment` takes precedence over the
// file, for the keys themselves too. Unknown names are empty. (prisma
// packages/internals/src/dotenvExpand.ts: $NAME without braces is not expanded.) B101 if a value
// refers to itself.
Result<Variables> ExpandDotenv(const Variables& file, const Variables& environment);

// Expands as the package dotenv-expand 12 does after dotenv: ${NAME} and $NAME, with the operators
// ":-", "-", ":+" and "+" inside the braces; \$ is a dollar sign. `environment` takes precedence,
// for the keys themselves too. A reference to itself is empty.
Variables ExpandDotenvFully(const Variables& file, const Variables& environment);

}  // namespace ballast::workspace
