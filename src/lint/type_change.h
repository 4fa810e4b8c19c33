// SPDX-License-Identifier: Apache-2.0
// The effect of a type change on a column's values and on clients that expect the old type.
#pragma once

#include <string_view>

namespace ballast::lint {

enum class TypeChange {
  kNone,    // the same type
  kWidens,  // every old value is unchanged, and clients see the same kind of value
  kOther,   // every old value is kept, but clients see a different kind of value
  kNarrows  // a value may not fit, may be truncated, or may not convert
};

// Types as format_type() prints them: "character varying(20)", "numeric(10,2)",
// "timestamp(3) without time zone", "integer[]".
TypeChange CompareTypes(std::string_view from, std::string_view to);

// Whether values that differ still differ after the change, so that a unique index stays one.
bool KeepsValuesDistinct(std::string_view from, std::string_view to);

// Whether a column changes between timestamp and timestamptz, and is only interpreted in another
// way while TimeZone is UTC (PostgreSQL's tablecmds.c, ATColumnChangeRequiresRewrite). A precision
// of the new type below 6 rounds every value.
bool ChangesOnlyTimeZone(std::string_view from, std::string_view to);

}  // namespace ballast::lint
