// SPDX-License-Identifier: Apache-2.0
#include "lint/type_change.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "base/text.h"

namespace ballast::lint {
namespace {

struct Type {
  std::string name;  // without its modifiers
  std::vector<int> modifiers;
  bool array = false;
};

Type ParseType(std::string_view text) {
  Type type;
  if (text.ends_with("[]")) {
    type.array = true;
    text.remove_suffix(2);
  }
  const size_t open = text.find('(');
  const size_t close = text.find(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    type.name = text;
    return type;
  }
  for (const std::string& part : Split(text.substr(open + 1, close - open - 1), ',')) {
    int value = 0;
    std::from_chars(part.data(), part.data() + part.size(), value);
    type.modifiers.push_back(value);
  }
  type.name = std::string(text.substr(0, open)) + std::string(text.substr(close + 1));
  return type;
}

// What numbers an integer type holds, as numeric and floating-point types count them.
struct IntegerType {
  std::string_view name;
  int digits;
  int bits;  // of the absolute value
};
constexpr std::array<IntegerType, 3> kIntegers = {
    {{"smallint", 5, 15}, {"integer", 10, 31}, {"bigint", 19, 63}}};

const IntegerType* IntegerNamed(std::string_view name) {
  const auto found = std::ranges::find(kIntegers, name, &IntegerType::name);
  return found == kIntegers.end() ? nullptr : &*found;
}

// Chains of types of one family, from the narrowest to the widest. "json" keeps every value of
// "jsonb", which drops equal keys, the order of keys and blanks, and refuses \u0000.
constexpr std::array<std::array<std::string_view, 3>, 10> kChains = {{
    {"smallint", "integer", "bigint"},
    {"real", "double precision"},
    {"character varying", "text"},
    {"character", "bpchar"},
    {"bit", "bit varying"},
    {"jsonb", "json"},
    {"cidr", "inet"},
    {"macaddr", "macaddr8"},
    {"timestamp without time zone", "timestamp with time zone"},
    {"time without time zone", "time with time zone"},
}};

// Types of different families of which the second keeps every value of the first.
struct Lossless {
  std::string_view from;
  std::string_view to;
};
constexpr std::array<Lossless, 7> kLossless = {{
    {"integer", "money"},
    {"money", "numeric"},
    {"oid", "bigint"},
    // Dates after the year 294276 do not fit.
    {"date", "timestamp without time zone"},
    {"date", "timestamp with time zone"},
    {"time without time zone", "interval"},
    {"character", "character varying"},
}};

// The characters of the longest value.
struct TextLength {
  std::string_view type;
  int characters;
};
constexpr std::array<TextLength, 13> kTextLengths = {{
    {"smallint", 6},
    {"integer", 11},
    {"bigint", 20},
    {"oid", 10},
    {"boolean", 5},
    {"uuid", 36},
    {"real", 15},
    {"double precision", 24},
    {"date", 13},
    {"macaddr", 17},
    {"macaddr8", 23},
    // Without fractions of a second.
    {"time without time zone", 8},
    {"timestamp without time zone", 22},
}};

constexpr int kNoLimit = 1 << 30;
constexpr int kMicroseconds = 6;

// A missing modifier means no limit for text and numbers, 6 for times, and 1 for bits and
// characters.
int Limit(const Type& type, size_t at) {
  if (at < type.modifiers.size()) return type.modifiers[at];
  if (type.name == "character" || type.name == "bit") return 1;
  const bool is_time = type.name.starts_with("time") || type.name.starts_with("interval");
  return is_time ? kMicroseconds : kNoLimit;
}

int ScaleOf(const Type& numeric) {
  return numeric.modifiers.size() > 1 ? numeric.modifiers[1] : 0;
}

// Whether a numeric type keeps all numbers of so many digits before and after the point.
bool HoldsDigits(const Type& numeric, int before, int after) {
  if (numeric.modifiers.empty()) return true;
  return ScaleOf(numeric) >= after && numeric.modifiers[0] - ScaleOf(numeric) >= before;
}

bool KeepsModifiers(const Type& from, const Type& to) {
  if (to.name == "bit") return Limit(to, 0) == Limit(from, 0);  // PostgreSQL refuses the others
  if (to.name == "numeric") {
    if (from.modifiers.empty()) return to.modifiers.empty();
    return HoldsDigits(to, from.modifiers[0] - ScaleOf(from), ScaleOf(from));
  }
  return Limit(to, 0) >= Limit(from, 0);
}

bool IsText(const Type& type) {
  return type.name == "text" || (type.name == "character varying" && type.modifiers.empty());
}

bool IsCitext(const Type& type) {
  return type.name == "citext" || type.name.ends_with(".citext");
}

// citext, of any schema, holds the same values as text.
bool HoldsAnyText(const Type& type) {
  return IsText(type) || IsCitext(type);
}

// The characters that values of the type need; kNoLimit if that is not known.
int TextLengthOf(const Type& type) {
  if (type.name == "bit" || type.name == "bit varying") return Limit(type, 0);
  if (type.name == "numeric" && !type.modifiers.empty()) {
    const int before = std::max(type.modifiers[0] - ScaleOf(type), 1);
    return 1 + before + (ScaleOf(type) > 0 ? 1 + ScaleOf(type) : 0);
  }
  const auto found = std::ranges::find(kTextLengths, type.name, &TextLength::type);
  if (found == kTextLengths.end()) return kNoLimit;
  const int fraction = type.name.starts_with("time") ? Limit(type, 0) : 0;
  return found->characters + (fraction > 0 ? 1 + fraction : 0);
}

// Decimal numbers of so many digits are the same again after floating point (float.h, FLT_DIG).
bool KeepsDecimals(const Type& from, const Type& to) {
  constexpr int kRealDigits = 6;
  constexpr int kDoubleDigits = 15;
  if (from.name != "numeric" || from.modifiers.empty()) return false;
  const int digits = std::max(from.modifiers[0], ScaleOf(from));
  return (to.name == "real" && digits <= kRealDigits) ||
         (to.name == "double precision" && digits <= kDoubleDigits);
}

bool KeepsIntegers(const IntegerType& from, const Type& to) {
  if (to.name == "numeric") return HoldsDigits(to, from.digits, 0);
  constexpr int kRealBits = 24;
  constexpr int kDoubleBits = 53;
  if (to.name == "real") return from.bits <= kRealBits;
  return to.name == "double precision" && from.bits <= kDoubleBits;
}

// Whether types of different families keep every value.
bool KeepsValues(const Type& from, const Type& to) {
  if (HoldsAnyText(to)) return true;  // every type has a text form
  const IntegerType* integer = IntegerNamed(from.name);
  if (integer != nullptr && KeepsIntegers(*integer, to)) return true;
  if (KeepsDecimals(from, to)) return true;
  const bool is_text = to.name == "character varying" || to.name == "character";
  if (is_text && TextLengthOf(from) <= Limit(to, 0)) return true;
  const bool listed = std::ranges::any_of(
      kLossless, [&](const Lossless& it) { return it.from == from.name && it.to == to.name; });
  if (from.name == "date" || integer != nullptr) return listed;
  return listed && (from.name == "money" ? to.modifiers.empty() : KeepsModifiers(from, to));
}

// A range of fields, as in "interval year to month", in an interval of all fields.
bool GetsAllFields(const Type& from, const Type& to) {
  return from.name.starts_with("interval ") && to.name == "interval" && KeepsModifiers(from, to);
}

TypeChange CompareFamilies(const Type& from, const Type& to) {
  for (const auto& chain : kChains) {
    const auto before = std::ranges::find(chain, from.name);
    const auto after = std::ranges::find(chain, to.name);
    if (before == chain.end() || after == chain.end()) continue;
    if (IsText(from) && IsText(to)) return TypeChange::kWidens;
    if (to.name == "json") return TypeChange::kOther;
    return after > before && KeepsModifiers(from, to) ? TypeChange::kWidens : TypeChange::kNarrows;
  }
  if (GetsAllFields(from, to)) return TypeChange::kWidens;
  return KeepsValues(from, to) ? TypeChange::kOther : TypeChange::kNarrows;
}

}  // namespace

bool ChangesOnlyTimeZone(std::string_view from, std::string_view to) {
  const auto is_timestamp = [](const Type& type) {
    return !type.array && type.name.starts_with("timestamp with");
  };
  const Type before = ParseType(from);
  const Type after = ParseType(to);
  return is_timestamp(before) && is_timestamp(after) && before.name != after.name &&
         Limit(after, 0) >= kMicroseconds;
}

TypeChange CompareTypes(std::string_view from, std::string_view to) {
  if (from == to) return TypeChange::kNone;
  const Type before = ParseType(from);
  const Type after = ParseType(to);
  if (before.array != after.array) {
    const bool to_text = !after.array && HoldsAnyText(after);
    return to_text ? TypeChange::kOther : TypeChange::kNarrows;
  }
  if (before.name != after.name) return CompareFamilies(before, after);
  return KeepsModifiers(before, after) ? TypeChange::kWidens : TypeChange::kNarrows;
}

bool KeepsValuesDistinct(std::string_view from, std::string_view to) {
  const TypeChange change = CompareTypes(from, to);
  return change != TypeChange::kNarrows &&
         (change != TypeChange::kOther || !IsCitext(ParseType(to)));
}

}  // namespace ballast::lint
