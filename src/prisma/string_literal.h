// SPDX-License-Identifier: Apache-2.0
// The escapes of string literals, as in JSON (RFC 8259, section 7).
#pragma once

#include <string>
#include <string_view>

#include "prisma/diagnostic.h"

namespace ballast::prisma {

// Resolves the escapes in the text between the quotes at `place`. Reports and omits invalid
// escapes.
std::string Unescape(std::string_view text, Span place, Diagnostics& diagnostics);

// Appends a code point in UTF-8.
void AppendUtf8(uint32_t code_point, std::string& out);

}  // namespace ballast::prisma
