// SPDX-License-Identifier: Apache-2.0
// Files of a package whose line endings git has converted at checkout (core.autocrlf, or an
// attribute eol=crlf).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace ballast::release {

// The text with LF where it has CRLF.
std::string WithLineFeeds(std::string_view text);

// B401 with the cause and the commands that check the files out again. `what`: the files, as the
// subject of a sentence that ends in "CRLF"; "a.sql has".
Error ConvertedLineEndings(std::string_view what, std::string file);

}  // namespace ballast::release
