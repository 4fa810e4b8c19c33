// SPDX-License-Identifier: Apache-2.0
#include "difference/changed_values.h"

#include <fmt/format.h>

namespace ballast::difference {
namespace {

// Whether every text of the type is the same when it is converted to this type of texts and back,
// or the statement fails.
bool KeepsTexts(const ConvertedType& from, const ConvertedType& to) {
  const TypeText &before = from.type, &after = to.type;
  if (after.base == "name") return false;
  // Only these can end with blanks, which do not count in character(n).
  const bool blanks =
      from.family == Family::kText || from.family == Family::kJson || from.family == Family::kOther;
  if (!blanks || before.base == "character") return true;
  return after.base != "character" && IsAtMostAsLong(before, after);
}

// Whether every number, date and so on is one of the other type and the same when it is converted
// back, or the statement fails.
bool KeepsNumbers(const ConvertedType& from, const ConvertedType& to) {
  const TypeText &before = from.type, &after = to.type;
  if (WidthOf(before.base) > 0 && WidthOf(after.base) >= WidthOf(before.base)) return true;
  if (WidthOf(before.base) > 0 && after.base == "numeric" && !after.length) return true;
  if (after.base == "double precision" && (before.base == "real" || WidthOf(before.base) % 8 > 0)) {
    return true;
  }
  if (before.base == "date" && after.base.starts_with("timestamp ")) return true;
  if (WidthOf(before.base) > 0 && to.family == Family::kBoolean) return true;
  const bool wider = IsAtMostAsLong(before, after) &&
                     (!after.length || after.scale.value_or(0) >= before.scale.value_or(0));
  const bool whole = !before.scale || after.scale || !after.length;
  if (before.base != after.base || !wider || !whole) return false;
  if (before.base != "numeric" || !after.length) return true;
  const long digits = *before.length - before.scale.value_or(0);
  return *after.length - after.scale.value_or(0) >= digits;
}

// Whether every value of the type is one of the other, and the same when it is converted back.
bool KeepsValues(const ConvertedType& from, const ConvertedType& to) {
  if (from.shape.base == to.shape.base) return true;
  if (!to.shape.labels.empty()) return true;  // or the statement fails
  if (to.family == Family::kText) return KeepsTexts(from, to);
  if (to.family == Family::kBits && from.family == Family::kBits) return true;  // or it fails
  // A value of json is the text that was written.
  const bool is_json = from.family == Family::kText || from.family == Family::kJson;
  if (is_json && to.type.base == "json") return true;
  return from.family != Family::kText && KeepsNumbers(from, to);
}

// Whether two values of the type that are equal are also written in the same way, except for zeros
// at the end of a numeric.
bool IsEqualAsWritten(const ConvertedType& side) {
  return side.family == Family::kNumber || side.family == Family::kTime ||
         side.family == Family::kClock || side.family == Family::kBoolean;
}

// What a rounded number is converted back to: a type that has it, although the original one can be
// too small.
std::string TypeOfRounded(const ConvertedType& from, const ConvertedType& to) {
  const std::string& base = from.shape.base;
  if (from.type.base == "numeric")
    return base.substr(0, base.find_first_of("([")) + (from.shape.array ? "[]" : "");
  const bool whole = from.type.base == "integer" && !from.shape.array;
  return whole && to.type.base == "real" ? "double precision" : base;
}

// Of types whose values are equal if they are written in the same way.
std::string ChangedNumbers(const std::string& column, const std::string& type,
                           const ConvertedType& from, const ConvertedType& to) {
  // No operator compares arrays of a domain with those of the type that it is over.
  const std::string& base = from.shape.base;
  const bool of_domain = from.shape.array && from.shape.text != base;
  std::string changed = fmt::format("({0}::{1})::{2} IS DISTINCT FROM {0}{3}", column, type,
                                    TypeOfRounded(from, to), of_domain ? "::" + base : "");
  const bool floating = to.type.base == "real" || to.type.base == "double precision";
  if (from.type.base != "bigint" || from.shape.array || !floating) return changed;
  return fmt::format("CASE WHEN {}::{} >= 9223372036854775808 THEN true ELSE {} END", column, type,
                     changed);
}

}  // namespace

// Many types call values equal that are not the same: json as jsonb, texts with blanks at the end,
// 1 day and 24 hours, names with other letters in citext.
std::string ChangedValues(const std::string& column, const ConvertedType& from,
                          const ConvertedType& to) {
  if (from.shape.array != to.shape.array || KeepsValues(from, to)) return {};
  // The other database can define a type of this name in another way.
  if (from.shape.text == to.shape.text && to.shape.base == to.shape.text) return {};
  const std::string& type = to.shape.defined ? to.shape.text : to.shape.base;
  if (from.family == Family::kOther || !Casts(from.family, to.family, to.type.base)) {
    const std::string text = from.shape.array ? "::text[]::" : "::text::";
    return fmt::format("({0}{1}{2})::text IS DISTINCT FROM {0}::text", column, text, type);
  }
  if (IsEqualAsWritten(from)) return ChangedNumbers(column, type, from, to);
  const std::string& back = from.shape.base;
  return fmt::format("({0}::{1})::{2}{3} IS DISTINCT FROM {0}::text COLLATE \"C\"", column, type,
                     back, back == "text" ? "" : "::text");
}

}  // namespace ballast::difference
