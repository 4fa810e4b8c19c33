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
  std::string condition;   // WHERE condition of those values; empty: SQL cannot express it
  // False: `condition` converts the values, so the server ends it with the error of the first one.
  bool countable = true;
  // WHERE condition of the values that the new type does not keep: that are others when they are
  // converted back. Empty: it keeps them all. The server evaluates it before the script runs.
  std::string lost_values = {};
  // WHERE condition of the values that become NULL, because they have no conversion.
  std::string nulled_values = {};
};

// `column` is quoted, or an expression of that type. With the version of the server, the condition
// can depend on what it offers, or convert the values; 0: it does not.
Conversion ConversionOf(const std::string& column, const TypeShape& from, const TypeShape& to,
                        int server_major = 0);

// Whether the server converts the values without USING.
bool CastsByAssignment(const TypeShape& from, const TypeShape& to);

// `lost_values`, without those that cannot be converted: they are counted by `condition`.
std::string LostOfConvertible(const Conversion& conversion);

// Whether the server's error about a conversion, or about such a condition, can be about a value
// that a type refuses. Not only class 22: hstore, ltree and tsquery report a syntax error, others
// an internal error.
bool IsRefusedValue(std::string_view sqlstate);

}  // namespace ballast::difference
