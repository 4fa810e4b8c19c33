// SPDX-License-Identifier: Apache-2.0
// Percent-encoding of values in URLs (RFC 3986, section 2).
#pragma once

#include <string>
#include <string_view>

namespace ballast::postgres {

// Encodes everything except the unreserved characters.
std::string PercentEncode(std::string_view text);

}  // namespace ballast::postgres
