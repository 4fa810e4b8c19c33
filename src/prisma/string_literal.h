// SPDX-License-Identifier: Apache-2.0
// The escapes of string literals, which are those of JSON (RFC 8259, section 7).
#pragma once

#include <string>
#include <string_view>

#include "prisma/diagnostic.h"

namespace ballast::prisma {

// The text that stood between the quotes, at that place, with its escapes resolved. An escape that
// means nothing is reported and left out.
std::string Unescape(std::string_view text, Span place, Diagnostics& diagnostics);

// Appends a code point in UTF-8.
void AppendUtf8(uint32_t code_point, std::string& out);

}  // namespace ballast::prisma
