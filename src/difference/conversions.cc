// SPDX-License-Identifier: Apache-2.0
#include "difference/conversions.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/sqlstate.h"
#include "base/text.h"
#include "difference/changed_values.h"
#include "difference/offending_rows.h"
#include "difference/type_families.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

// The whole numbers of a type, and the one after them, which a double has, too.
struct WholeRange {
  const char* lowest;
  const char* highest;
  const char* above;
};

WholeRange RangeOf(const std::string& base) {
  if (base == "smallint") return {"-32768", "32767", "32768"};
  if (base == "integer") return {"-2147483648", "2147483647", "2147483648"};
  return {"-9223372036854775808", "9223372036854775807", "9223372036854775808"};
}

std::string RangeCondition(const std::string& column, const std::string& base) {
  const WholeRange range = RangeOf(base);
  return fmt::format("{0} < {1} OR {0} > {2}", column, range.lowest, range.highest);
}

// The same for a number that is rounded first. NaN is greater than every number.
std::string RoundedRangeCondition(const std::string& column, const std::string& base) {
  const WholeRange range = RangeOf(base);
  return fmt::format("round({0}) < {1} OR round({0}) >= {2}", column, range.lowest, range.above);
}

// A condition on the value, or on some value of the array.
std::string OnValues(const std::string& column, bool array,
                     const std::function<std::string(const std::string& value)>& condition) {
  if (!array) return condition(column);
  const std::string inside = condition("value");
  return inside.empty()
             ? inside
             : fmt::format("EXISTS (SELECT FROM unnest({}) AS value WHERE {})", column, inside);
}

// The text of the value, cast: every type has an input and an output function.
std::string ThroughText(const std::string& column, const ConvertedType& from,
                        const ConvertedType& to) {
  const std::string& type = to.shape.text;
  if (to.shape.array && from.shape.array) return column + "::text[]::" + type;
  if (to.shape.array) {
    // An array that was cast to text is written {a,b}; another value becomes the only element.
    return fmt::format(
        "CASE WHEN {0}::text LIKE '{{%}}' THEN {0}::text::{1} "
        "WHEN {0} IS NOT NULL THEN ARRAY[{0}::text]::{1} END",
        column, type);
  }
  return column + "::text::" + type;
}

// Types of which the server cuts a value only where a cast asks for it, and refuses it otherwise.
bool HasLimit(const ConvertedType& side) {
  if (side.family == Family::kBits) return side.type.length || side.type.base == "bit";
  return side.type.length && side.family == Family::kText;
}

std::string TooLong(const std::string& value, const ConvertedType& to) {
  const long length = to.type.length.value_or(1);
  if (to.type.base == "bit") return fmt::format("length({}) <> {}", value, length);
  if (to.family == Family::kBits) return fmt::format("length({}) > {}", value, length);
  // The server cuts blanks at the end.
  return fmt::format("length(rtrim({}::text, ' ')) > {}", value, length);
}

void ConvertText(const std::string& column, const ConvertedType& from, const ConvertedType& to,
                 Conversion& conversion) {
  const bool limited = HasLimit(to);
  const TypeText &before = from.type, &after = to.type;
  const bool wider = before.length && after.length && *after.length >= *before.length;
  const bool from_varying = before.base == "character varying" || before.base == "text";
  const bool to_varying = after.base == "character varying" || after.base == "text";
  conversion.may_fail = limited && !(wider && before.base == after.base);
  const bool plain = !from.shape.array && to.shape.text == to.shape.base;
  if (plain && from_varying && to_varying && (!limited || wider)) conversion.rewrites = false;
  if (!conversion.may_fail || !limited) return;
  conversion.condition = OnValues(column, from.shape.array,
                                  [&](const std::string& value) { return TooLong(value, to); });
  // Without a cast, the server refuses a value that is too long.
  const char* const text = from.shape.array ? "::text[]" : "::text";
  conversion.expression = column + (from.family == Family::kText ? "" : text);
}

void ConvertBits(const std::string& column, const ConvertedType& from, const ConvertedType& to,
                 Conversion& conversion) {
  conversion.may_fail = HasLimit(to);
  if (!conversion.may_fail) return;
  conversion.condition = OnValues(column, from.shape.array,
                                  [&](const std::string& value) { return TooLong(value, to); });
  conversion.expression = column;
}

// Numbers with more digits before the point than numeric(p, s) has. It has NaN, but no infinity.
std::string TooManyDigits(const std::string& value, const ConvertedType& from,
                          const ConvertedType& to) {
  const long scale = to.type.scale.value_or(0);
  const std::string too_large =
      fmt::format("abs(round({}{}, {})) >= 1e{}", value,
                  from.type.base == "numeric" ? "" : "::numeric", scale, *to.type.length - scale);
  if (WidthOf(from.type.base) > 0) return too_large;
  const std::string of_number = fmt::format("{} <> 'NaN' AND {}", value, too_large);
  if (from.type.base == "numeric") return of_number;
  return fmt::format("CASE WHEN {}::text IN ('Infinity', '-Infinity') THEN true ELSE {} END", value,
                     of_number);
}

// Numbers whose exponent is too large or too small: those halfway to the next one that the type
// does not have.
std::string OutsideOfExponents(const std::string& value, const ConvertedType& to) {
  const bool real = to.type.base == "real";
  return fmt::format(
      "{0}::text NOT IN ('NaN', 'Infinity', '-Infinity') AND (abs({0}) >= {1} OR ({0} <> 0 AND "
      "abs({0}) <= {2}))",
      value, real ? "3.40282356779733661637539395458142568448e38" : "1.797693134862315807937e308",
      real ? "7.006492321624085354618647916e-46" : "2.47032822920623272088e-324");
}

// Whether the type has every number of the other one, or one close to it.
bool HasAllNumbers(const TypeText& before, const TypeText& after) {
  const bool whole = WidthOf(before.base) > 0;
  if (whole && WidthOf(after.base) >= WidthOf(before.base)) return true;
  if (whole && WidthOf(after.base) == 0 && !after.length) return true;
  if (before.base == "real" && after.base == "double precision") return true;
  if (before.base != "numeric" || after.base != "numeric" || !before.length || !after.length)
    return false;
  const long digits = *before.length - before.scale.value_or(0);
  const long digits_after = *after.length - after.scale.value_or(0);
  // Rounding can add a digit.
  return digits < digits_after ||
         (digits == digits_after && after.scale.value_or(0) >= before.scale.value_or(0));
}

std::string RefusedNumbers(const std::string& value, const ConvertedType& from,
                           const ConvertedType& to) {
  const std::string& base = to.type.base;
  if (WidthOf(base) > 0) {
    return WidthOf(from.type.base) > 0 ? RangeCondition(value, base)
                                       : RoundedRangeCondition(value, base);
  }
  if (base == "numeric") return to.type.length ? TooManyDigits(value, from, to) : std::string();
  return OutsideOfExponents(value, to);
}

void ConvertNumber(const std::string& column, const ConvertedType& from, const ConvertedType& to,
                   Conversion& conversion) {
  if (from.type.base == to.type.base && from.type.base != "numeric") conversion.may_fail = false;
  if (HasAllNumbers(from.type, to.type)) conversion.may_fail = false;
  if (conversion.may_fail) {
    conversion.condition = OnValues(column, from.shape.array, [&](const std::string& value) {
      return RefusedNumbers(value, from, to);
    });
  }
  const bool numeric = from.type.base == "numeric" && to.type.base == "numeric";
  if (numeric && !to.type.length && !from.shape.array) {
    conversion.may_fail = conversion.rewrites = false;
  }
}

std::optional<size_t> AttributeNamed(const TypeShape& type, const std::string& name) {
  for (size_t at = 0; at < type.attributes.size(); ++at) {
    if (type.attributes[at].first == name) return at;
  }
  return std::nullopt;
}

// Whether the text of a value of one type is that of the other.
bool HasSameAttributes(const TypeShape& from, const TypeShape& to) {
  return std::equal(from.attributes.begin(), from.attributes.end(), to.attributes.begin(),
                    to.attributes.end(), [](const auto& a, const auto& b) {
                      return a.first == b.first && HasSameAttributes(a.second, b.second);
                    });
}

void AddCondition(const std::string& condition, std::string& all) {
  if (condition.empty()) return;
  all += (all.empty() ? "" : " OR ") + ("(" + condition + ")");
}

// Attribute by attribute. One that only the new type has becomes NULL.
Conversion ConvertComposite(const std::string& column, const TypeShape& from, const TypeShape& to,
                            int server_major) {
  Conversion conversion;
  conversion.may_fail = false;
  std::vector<std::string> values;
  for (const auto& [name, type] : to.attributes) {
    const auto same = AttributeNamed(from, name);
    if (!same) {
      values.emplace_back("NULL");
      continue;
    }
    const std::string attribute = fmt::format("({}).{}", column, name);
    const TypeShape& before = from.attributes[*same].second;
    if (before == type) {
      values.push_back(attribute);
      continue;
    }
    const Conversion inside = ConversionOf(attribute, before, type, server_major);
    values.push_back(inside.expression);
    conversion.may_fail |= inside.may_fail;
    conversion.countable &= inside.countable;
    AddCondition(inside.condition, conversion.condition);
    AddCondition(inside.lost_values, conversion.lost_values);
  }
  for (const auto& [name, type] : from.attributes) {
    if (AttributeNamed(to, name)) continue;
    AddCondition(fmt::format("({}).{} IS NOT NULL", column, name), conversion.lost_values);
  }
  conversion.expression = fmt::format("CASE WHEN {} IS DISTINCT FROM NULL THEN ROW({})::{} END",
                                      column, Join(values, ", "), to.text);
  return conversion;
}

TypeShape ElementOf(TypeShape shape) {
  while (shape.text.ends_with("[]")) shape.text.resize(shape.text.size() - 2);
  while (shape.base.ends_with("[]")) shape.base.resize(shape.base.size() - 2);
  shape.array = false;
  return shape;
}

void ConvertComposites(const std::string& column, const ConvertedType& from,
                       const ConvertedType& to, int server_major, Conversion& conversion) {
  const bool same = HasSameAttributes(from.shape, to.shape);
  if (!from.shape.array) {
    Conversion composite = ConvertComposite(column, from.shape, to.shape, server_major);
    // The input function refuses what is too long, and a cast cuts it.
    if (same) composite.expression = conversion.expression;
    conversion = std::move(composite);
    return;
  }
  const Conversion element =
      ConvertComposite("value", ElementOf(from.shape), ElementOf(to.shape), server_major);
  const auto on_values = [&](const std::string& condition) {
    return condition.empty() ? condition
                             : OnValues(column, true, [&](const auto&) { return condition; });
  };
  conversion.may_fail = element.may_fail;
  conversion.countable = element.countable;
  conversion.condition = on_values(element.condition);
  conversion.lost_values = on_values(element.lost_values);
  if (same) return;
  // A transform expression cannot have a subquery, and the texts do not fit.
  conversion.expression =
      fmt::format("CASE WHEN cardinality({}) = 0 THEN '{{}}'::{} END", column, to.shape.text);
  conversion.nulled_values = conversion.lost_values = "cardinality(" + column + ") > 0";
  conversion.may_fail = false;
  conversion.condition.clear();
}

// A date can be later than the last timestamp.
void ConvertTime(const std::string& column, const ConvertedType& from, const ConvertedType& to,
                 Conversion& conversion) {
  conversion.may_fail = from.type.base == "date" && to.type.base != "date";
  if (!conversion.may_fail) return;
  conversion.condition = OnValues(column, from.shape.array, [](const std::string& value) {
    return fmt::format("{0} >= '294277-01-01' AND {0} <> 'infinity'", value);
  });
}

void ConvertToEnum(const std::string& column, const ConvertedType& from, const ConvertedType& to,
                   Conversion& conversion) {
  std::vector<std::string> literals;
  literals.reserve(to.shape.labels.size());
  for (const std::string& label : to.shape.labels) literals.push_back(sql::QuoteLiteral(label));
  const auto refused = [&](const std::string& value) {
    return fmt::format("{}::text NOT IN ({})", value, Join(literals, ", "));
  };
  if (!to.shape.array || from.shape.array) {
    conversion.condition = OnValues(column, to.shape.array, refused);
    return;
  }
  // Only here, a text can be no array at all, which the server reports.
  conversion.countable = false;
  conversion.condition =
      OnValues(fmt::format("CASE WHEN {0}::text LIKE '{{%}}' THEN {0}::text::text[] ELSE "
                           "ARRAY[{0}::text] END",
                           column),
               true, refused);
}

// Whether a type only loses a limit, which the server knows without reading the rows (the planner's
// support functions of numeric, timestamp, time, interval and bit varying).
bool OnlyWidens(const ConvertedType& from, const ConvertedType& to) {
  const TypeText &before = from.type, &after = to.type;
  const bool plain = !from.shape.array && from.shape.text == from.shape.base &&
                     to.shape.text == to.shape.base && before.base == after.base;
  if (!plain || from.shape.text == to.shape.text) return false;
  const bool longer = IsAtMostAsLong(before, after);
  if (before.base == "numeric")
    return !after.length || (longer && after.scale.value_or(0) == before.scale.value_or(0));
  constexpr long kMicroseconds = 6;
  const bool time = from.family == Family::kTime || from.family == Family::kClock;
  if (time) return after.length.value_or(kMicroseconds) >= before.length.value_or(kMicroseconds);
  return before.base == "bit varying" && longer;
}

// The text that the input function of the new type gets, if it refuses what it does not accept;
// else empty: another function converts the value.
std::string InputOf(const std::string& column, const ConvertedType& from, const ConvertedType& to,
                    bool direct) {
  if (from.shape.array || !to.shape.array) {
    const bool by_text = from.family == Family::kText || from.family == Family::kJson;
    return direct && !by_text ? std::string() : column + "::text";
  }
  return fmt::format(
      "CASE WHEN {0}::text LIKE '{{%}}' THEN {0}::text ELSE ARRAY[{0}::text]::text END", column);
}

// Conditions on values of a type, or on those of an array, that the other one refuses.
void AddRefusedValues(const std::string& column, const ConvertedType& from, const ConvertedType& to,
                      Conversion& conversion) {
  if (to.family == Family::kText) ConvertText(column, from, to, conversion);
  if (to.family == Family::kBits && from.family == Family::kBits) {
    ConvertBits(column, from, to, conversion);
  }
  if (to.family == Family::kNumber && from.family == Family::kNumber) {
    ConvertNumber(column, from, to, conversion);
  }
  const bool times =
      to.family == Family::kTime || to.family == Family::kClock || to.family == Family::kInterval;
  if (times && from.family == to.family) ConvertTime(column, from, to, conversion);
  if (WidthOf(from.type.base) > 0 && to.family == Family::kBoolean) {
    conversion.condition = OnValues(column, from.shape.array, [](const std::string& value) {
      return value + " NOT IN (0, 1)";
    });
  }
  const bool always = from.family == Family::kBoolean && to.type.base == "integer";
  if (always || (from.type.base == "jsonb" && to.type.base == "json")) conversion.may_fail = false;
  if (!to.shape.labels.empty()) ConvertToEnum(column, from, to, conversion);
}

// Of a type that no database defines, or of a domain over it. While a value cannot be converted, a
// condition that is not countable ends with the server's error.
void AddUnconvertible(const std::string& column, const std::string& input, const TypeShape& to,
                      int server_major, Conversion& conversion) {
  if (to.defined || !to.labels.empty() || !to.attributes.empty()) return;
  constexpr int kFirstWithValidation = 16;
  conversion.countable = !input.empty() && server_major >= kFirstWithValidation;
  conversion.condition =
      conversion.countable
          ? fmt::format("NOT pg_catalog.pg_input_is_valid({}, {})", input,
                        sql::QuoteLiteral(to.base))
          : fmt::format("({}) IS NULL AND {} IS NOT NULL", conversion.expression, column);
}

// Its text has a currency, which no number has.
bool IsMoneyAndNumber(const ConvertedType& one, const ConvertedType& other) {
  return one.type.base == "money" && other.family == Family::kNumber;
}

Conversion ConvertValues(const std::string& column, const TypeShape& from, const TypeShape& to,
                         int server_major);

// By way of numeric. Amounts are rounded, and numbers have other digits behind the point.
Conversion ConvertMoney(const std::string& column, const ConvertedType& from,
                        const ConvertedType& to, int server_major) {
  const char* const numeric = to.shape.array ? "numeric[]" : "numeric";
  const bool from_money = from.type.base == "money";
  const std::string number = column + "::" + numeric;
  Conversion conversion;
  if (from_money) {
    conversion = ConvertValues(number, ShapeOfBuiltIn(numeric), to.shape, server_major);
    conversion.rewrites = true;
  } else {
    conversion.expression = number + "::" + to.shape.text;
    conversion.lost_values =
        fmt::format("({}::{})::{} IS DISTINCT FROM {}", number, to.shape.text, numeric, number);
  }
  return conversion;
}

Conversion ConvertValues(const std::string& column, const TypeShape& from_shape,
                         const TypeShape& to_shape, int server_major) {
  const ConvertedType from(from_shape), to(to_shape);
  const bool same_kind = from_shape.array == to_shape.array;
  if (same_kind && (IsMoneyAndNumber(from, to) || IsMoneyAndNumber(to, from))) {
    return ConvertMoney(column, from, to, server_major);
  }
  Conversion conversion;
  const bool direct =
      same_kind && Casts(from.family, to.family, to.type.base) && from.type.base != to.type.base;
  const bool same = same_kind && from.type.base == to.type.base && from.family != Family::kOther;
  conversion.expression =
      direct || same ? column + "::" + to_shape.text : ThroughText(column, from, to);
  if (!same_kind) {
    if (HasLimit(to) && to.family == Family::kText && !to_shape.array) {
      conversion.expression = column + "::text";
      conversion.condition = TooLong(column, to);
    }
    if (!to_shape.labels.empty()) ConvertToEnum(column, from, to, conversion);
  } else if (from.IsComposite() && to.IsComposite()) {
    ConvertComposites(column, from, to, server_major, conversion);
    return conversion;
  } else {
    AddRefusedValues(column, from, to, conversion);
  }
  if (conversion.may_fail && conversion.condition.empty() && server_major > 0)
    AddUnconvertible(column, InputOf(column, from, to, direct || same), to_shape, server_major,
                     conversion);
  if (!same_kind) return conversion;
  if (OnlyWidens(from, to) || (to_shape.text == "interval" && from.family == Family::kInterval))
    conversion.rewrites = from_shape.text != from_shape.base;
  conversion.lost_values = ChangedValues(column, from, to);
  return conversion;
}

// Values that a constraint of the new domain refuses, once they have the type that it is over.
std::string BrokenConstraints(const std::string& column, const TypeShape& from,
                              const TypeShape& to) {
  std::string value = column;
  if (from.base != to.base) {
    value = "(" + ConvertValues(column, from, ShapeOfBuiltIn(to.base), 0).expression + ")";
  }
  std::string broken;
  const auto add = [&](const std::string& on, const std::string& constraint, bool array) {
    const std::string condition = DomainConditionOn(on, constraint);
    if (condition.empty()) return;
    const std::string refused = "NOT (" + condition + ")";
    AddCondition(OnValues(value, array, [&](const auto&) { return refused; }), broken);
  };
  for (const std::string& one : to.constraints) add(value, one, false);
  for (const std::string& one : to.element_constraints) add("value", one, true);
  return broken;
}

}  // namespace

bool CastsByAssignment(const TypeShape& from_shape, const TypeShape& to_shape) {
  const ConvertedType from(from_shape), to(to_shape);
  if (from_shape.array != to_shape.array) return to.family == Family::kText && !to_shape.array;
  const bool is_own = !to_shape.labels.empty() || !to_shape.attributes.empty();
  if (is_own) return false;
  return to.family == Family::kText || from.type.base == to.type.base ||
         (from.family == to.family && from.family != Family::kOther);
}

std::string LostOfConvertible(const Conversion& conversion) {
  const bool refuses = !conversion.condition.empty() && conversion.countable;
  if (!refuses || conversion.lost_values.empty()) return conversion.lost_values;
  return fmt::format("CASE WHEN {} THEN false ELSE {} END", conversion.condition,
                     conversion.lost_values);
}

Conversion ConversionOf(const std::string& column, const TypeShape& from, const TypeShape& to,
                        int server_major) {
  Conversion conversion = ConvertValues(column, from, to, server_major);
  const std::string broken = BrokenConstraints(column, from, to);
  if (broken.empty()) return conversion;
  conversion.may_fail = true;
  // In this order: the value is converted in the second condition.
  conversion.condition =
      conversion.condition.empty()
          ? broken
          : fmt::format("CASE WHEN {} THEN true ELSE {} END", conversion.condition, broken);
  return conversion;
}

// The server calls it a feature that NaN and infinity cannot be converted.
bool IsRefusedValue(std::string_view sqlstate) {
  constexpr std::string_view kInternalError = "XX000";
  return sqlstate::IsCausedByRows(sqlstate) || sqlstate == sqlstate::kSyntaxError ||
         sqlstate == sqlstate::kFeatureNotSupported || sqlstate == kInternalError;
}

}  // namespace ballast::difference
