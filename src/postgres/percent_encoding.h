// SPDX-License-Identifier: Apache-2.0
// Percent-encoding of values in URLs (RFC 3986, section 2).
#pragma once

#include <string>
#include <string_view>

namespace ballast::postgres {

// Encodes everything except the unreserved characters.
std::string PercentEncode(std::string_view text);

// Decodes %XX, and + as a blank in a query. Text that does not decode to UTF-8 is returned as is,
// as in Prisma.
std::string PercentDecode(std::string_view text, bool plus_is_blank = false);

}  // namespace ballast::postgres
