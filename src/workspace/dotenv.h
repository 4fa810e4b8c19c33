// SPDX-License-Identifier: Apache-2.0
// The syntax of .env files, as the dotenv package (16.x) and Prisma's expansion of it understand
// them. Texts in, values out.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace ballast::workspace {

using Variables = std::map<std::string, std::string, std::less<>>;

// KEY=value, `export KEY=value`, `KEY: value`; values bare or in '…', "…" or `…`, over several
// lines if need be; # begins a comment outside quotes; \n and \r are read inside "…" only. Lines
// that are none of this are passed over. The last of several lines with one key counts.
Variables ParseDotenv(std::string_view text);

// Replaces ${NAME} in every value; \${NAME} stands for itself. `environment` wins over the file's
// own values, for the keys themselves too. Unknown names become empty. (prisma
// packages/internals/src/ dotenvExpand.ts: $NAME without braces is left alone.) B101 when a value
// contains itself.
Result<Variables> ExpandDotenv(const Variables& file, const Variables& environment);

}  // namespace ballast::workspace
