// SPDX-License-Identifier: Apache-2.0
#include "difference/conversions.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

// A type as printed by format_type: "character varying(20)[]".
struct TypeText {
  std::string base;            // "character varying"
  std::optional<long> length;  // the first modifier
  std::optional<long> scale;   // the second
  bool array = false;
};

TypeText ParseType(std::string text) {
  TypeText type;
  while (text.ends_with("[]")) {
    type.array = true;
    text.resize(text.size() - 2);
  }
  const size_t open = text.find('(');
  const size_t close = text.find(')');
  if (open != text.npos && close != text.npos && !text.starts_with('"')) {
    const std::string inside = text.substr(open + 1, close - open - 1);
    type.length = std::strtol(inside.c_str(), nullptr, 10);
    const size_t comma = inside.find(',');
    if (comma != inside.npos) type.scale = std::strtol(inside.c_str() + comma + 1, nullptr, 10);
    text.erase(open, close - open + 1);
  }
  type.base = text;
  return type;
}

enum class Family { kOther, kText, kNumber, kTime, kJson, kBits, kBoolean };

Family FamilyOf(const std::string& base) {
  static constexpr std::array<std::pair<std::string_view, Family>, 20> kFamilies = {{
      {"text", Family::kText},
      {"character varying", Family::kText},
      {"character", Family::kText},
      {"name", Family::kText},
      {"citext", Family::kText},
      {"smallint", Family::kNumber},
      {"integer", Family::kNumber},
      {"bigint", Family::kNumber},
      {"numeric", Family::kNumber},
      {"real", Family::kNumber},
      {"double precision", Family::kNumber},
      {"date", Family::kTime},
      {"timestamp without time zone", Family::kTime},
      {"timestamp with time zone", Family::kTime},
      {"json", Family::kJson},
      {"jsonb", Family::kJson},
      {"bit", Family::kBits},
      {"bit varying", Family::kBits},
      {"boolean", Family::kBoolean},
      {"money", Family::kOther},
  }};
  for (const auto& [name, family] : kFamilies) {
    if (base == name) return family;
  }
  return Family::kOther;
}

// How far whole numbers of a type reach; 0: it is none.
int WidthOf(const std::string& base) {
  if (base == "smallint") return 2;
  if (base == "integer") return 4;
  return base == "bigint" ? 8 : 0;
}

std::string RangeCondition(const std::string& column, const std::string& base) {
  const char* const lowest = base == "smallint"  ? "-32768"
                             : base == "integer" ? "-2147483648"
                                                 : "-9223372036854775808";
  const char* const highest = base == "smallint"  ? "32767"
                              : base == "integer" ? "2147483647"
                                                  : "9223372036854775807";
  return fmt::format("{0} < {1} OR {0} > {2}", column, lowest, highest);
}

bool Casts(Family from, Family to, const std::string& base) {
  if (from == Family::kText || to == Family::kText) return true;
  if (from == Family::kBoolean && base == "integer") return true;
  return from == to && from != Family::kOther;
}

// The text of the value, cast: every type has an input and an output function.
std::string ThroughText(const std::string& column, const TypeText& from, const TypeText& to,
                        const std::string& type) {
  if (to.array && from.array) return column + "::text[]::" + type;
  if (to.array) return fmt::format("ARRAY[{}::text]::{}", column, type);
  return column + "::text::" + type;
}

void ConvertText(const std::string& column, const TypeText& from, const TypeText& to,
                 Conversion& conversion) {
  const bool limited = to.base != "text" && to.base != "citext" && to.length.has_value();
  if (FamilyOf(from.base) == Family::kText && !limited) conversion.may_fail = false;
  if (FamilyOf(from.base) != Family::kText) conversion.may_fail = limited;
  const bool wider = from.length && to.length && *to.length >= *from.length;
  const bool bare_varying = from.base == "character varying" || from.base == "text";
  const bool to_varying = to.base == "character varying" || to.base == "text";
  if (bare_varying && to_varying && (!limited || wider)) conversion.rewrites = false;
  if (limited && wider && from.base == to.base) conversion.may_fail = false;
  if (conversion.may_fail && limited) {
    conversion.condition = fmt::format("length({}::text) > {}", column, *to.length);
  }
}

void ConvertNumber(const std::string& column, const TypeText& from, const TypeText& to,
                   Conversion& conversion) {
  const int before = WidthOf(from.base);
  const int after = WidthOf(to.base);
  if (before > 0 && after >= before) conversion.may_fail = false;
  if (before > 0 && after == 0 && !to.length) conversion.may_fail = false;
  if (conversion.may_fail && after > 0) conversion.condition = RangeCondition(column, to.base);
  const bool unlimited = from.base == "numeric" && to.base == "numeric" && !to.length;
  if (unlimited) conversion.may_fail = conversion.rewrites = false;
}

// Values that are others when they are converted back: rounded, cut, or written in another way.
std::string LostValues(const std::string& column, const TypeText& from, const TypeText& to,
                       const std::string& type, const std::string& expression) {
  const Family before = FamilyOf(from.base);
  const Family after = FamilyOf(to.base);
  if (WidthOf(from.base) > 0 && WidthOf(to.base) >= WidthOf(from.base)) return {};
  if (from.base == to.base && from.length == to.length && from.scale == to.scale) return {};
  const bool parsed =
      before == Family::kText &&
      (after == Family::kNumber || after == Family::kTime || after == Family::kBoolean);
  const bool same = before == after &&
                    (after == Family::kNumber || after == Family::kTime || from.base == to.base);
  if (before == Family::kText ? !parsed : !same) return {};
  return fmt::format("({})::{} IS DISTINCT FROM {}", expression, type, column);
}

}  // namespace

Conversion ConversionOf(const std::string& column, const std::string& from, const std::string& to,
                        const std::vector<std::string>& labels) {
  const TypeText before = ParseType(from);
  const TypeText after = ParseType(to);
  const Family family = FamilyOf(after.base);
  Conversion conversion;
  const bool direct = before.array == after.array &&
                      Casts(FamilyOf(before.base), family, after.base) && before.base != after.base;
  const bool same = before.base == after.base && before.array == after.array &&
                    FamilyOf(before.base) != Family::kOther;
  conversion.expression =
      direct || same ? column + "::" + to : ThroughText(column, before, after, to);
  if (!before.array && !after.array) {
    if (family == Family::kText) ConvertText(column, before, after, conversion);
    if (family == Family::kNumber && FamilyOf(before.base) == Family::kNumber) {
      ConvertNumber(column, before, after, conversion);
    }
    if (family == Family::kTime && FamilyOf(before.base) == Family::kTime) {
      conversion.may_fail = false;
    }
  }
  if (before.array == after.array) {
    conversion.lost_values = LostValues(column, before, after, from, conversion.expression);
  }
  if (!labels.empty() && !before.array && !after.array) {
    std::vector<std::string> literals;
    literals.reserve(labels.size());
    for (const std::string& label : labels) literals.push_back(sql::QuoteLiteral(label));
    conversion.condition = fmt::format("{}::text NOT IN ({})", column, Join(literals, ", "));
  }
  return conversion;
}

}  // namespace ballast::difference
