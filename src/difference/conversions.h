// SPDX-License-Identifier: Apache-2.0
// Conversion of a column's values to another type.
#pragma once

#include <string>
#include <vector>

namespace ballast::difference {

// What ALTER COLUMN … TYPE needs.
struct Conversion {
  std::string expression;  // after USING
  bool rewrites = true;    // false: the server only changes the catalog
  bool may_fail = true;    // some values of the old type cannot be converted
  std::string condition;   // WHERE condition of those values; empty: SQL cannot express it
  // WHERE condition of the values that the new type rounds or cuts; empty: it keeps them all.
  std::string lost_values = {};
};

// `column` is quoted; types are as the server prints them. `labels`: those of the new type if it is
// an enum.
Conversion ConversionOf(const std::string& column, const std::string& from, const std::string& to,
                        const std::vector<std::string>& labels);

}  // namespace ballast::difference
