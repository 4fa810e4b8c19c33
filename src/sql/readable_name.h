// SPDX-License-Identifier: Apache-2.0
// Names as people read and write them.
#pragma once

#include <string>
#include <string_view>

namespace ballast::sql {

// In double quotes if SQL needs them, as the server's quote_ident writes it: t, "User", "order".
// The words of all supported versions count as keywords.
std::string ReadableName(std::string_view name);

}  // namespace ballast::sql
