// SPDX-License-Identifier: Apache-2.0
// Reads the columns of a key from the definition that the server prints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

// The names in the first parentheses, without quotes: PRIMARY KEY (a, "b,c") → a; b,c. Empty if the
// definition has no parentheses.
std::vector<std::string> ColumnsOfKey(std::string_view definition);

}  // namespace ballast::sql
