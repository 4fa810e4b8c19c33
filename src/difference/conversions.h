// SPDX-License-Identifier: Apache-2.0
// Conversion of a column's values to another type.
#pragma once

#include <string>
#include <string_view>

#include "difference/type_shapes.h"

namespace ballast::difference {

// What ALTER COLUMN … TYPE needs.
struct Conversion {
  std::string expression;  // after USING
  bool rewrites = true;    // false: the server only changes the catalog
  bool may_fail = true;    // some values of the old type cannot be converted
  bool by_input = false;   // the type's input function converts the value's text
  std::string condition;   // WHERE condition of those values; empty: SQL cannot express it
  // WHERE condition of the values that the new type does not keep: that are others when they are
  // converted back. Empty: it keeps them all. The server evaluates it before the script runs.
  std::string lost_values = {};
  // WHERE condition of the values that become NULL, because they have no conversion.
  std::string nulled_values = {};
};

// `column` is quoted, or an expression of that type.
Conversion ConversionOf(const std::string& column, const TypeShape& from, const TypeShape& to);

// A condition on rows that the conversion to a type which no database defines would refuse; while a
// value cannot be converted, it can end with the server's error instead. Empty: there is none.
std::string Unconvertible(const std::string& column, const Conversion& conversion,
                          const TypeShape& to, int server_major);

// Whether the server's error about a conversion, or about such a condition, can be about a value
// that a type refuses. Not only class 22: hstore, ltree and tsquery report a syntax error, others
// an internal error.
bool IsRefusedValue(std::string_view sqlstate);

}  // namespace ballast::difference
