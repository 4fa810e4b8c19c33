// SPDX-License-Identifier: Apache-2.0
// How the values of a column become those of another type. Inside of difference only.
#pragma once

#include <string>
#include <vector>

namespace ballast::difference {

// How ALTER COLUMN … TYPE has to convert.
struct Conversion {
  std::string expression;  // after USING
  bool rewrites = true;    // false: the server only changes the catalog
  bool may_fail = true;    // some values of the old type have no equal in the new one
  std::string condition;   // of those values, after WHERE; empty: it cannot be written in SQL
};

// `column` is quoted; types as the server prints them. `labels`: those of the new type, where it
// is an enum.
Conversion ConversionOf(const std::string& column, const std::string& from, const std::string& to,
                        const std::vector<std::string>& labels);

}  // namespace ballast::difference
