// SPDX-License-Identifier: Apache-2.0
#include "lint/type_change.h"

#include <algorithm>
#include <charconv>
#include <optional>
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

// Places in chains of types of one family, from the narrowest to the widest.
std::optional<int> PlaceIn(const std::vector<std::string_view>& chain, std::string_view name) {
  const auto found = std::find(chain.begin(), chain.end(), name);
  if (found == chain.end()) return std::nullopt;
  return static_cast<int>(found - chain.begin());
}

const std::vector<std::vector<std::string_view>>& Chains() {
  static const std::vector<std::vector<std::string_view>> chains = {
      {"smallint", "integer", "bigint"},
      {"real", "double precision"},
      {"character varying", "text"},
      {"json", "jsonb"},
      {"cidr", "inet"},
      {"timestamp without time zone", "timestamp with time zone"},
  };
  return chains;
}

// A missing modifier means no limit for text and numbers, and 6 for times.
int Limit(const Type& type, size_t at) {
  constexpr int kNoLimit = 1 << 30;
  constexpr int kMicroseconds = 6;
  if (at < type.modifiers.size()) return type.modifiers[at];
  return type.name.starts_with("time") || type.name == "interval" ? kMicroseconds : kNoLimit;
}

TypeChange CompareModifiers(const Type& from, const Type& to) {
  if (from.name == "numeric") {
    if (to.modifiers.empty()) return TypeChange::kWidens;
    if (from.modifiers.empty()) return TypeChange::kNarrows;
    const int from_scale = from.modifiers.size() > 1 ? from.modifiers[1] : 0;
    const int to_scale = to.modifiers.size() > 1 ? to.modifiers[1] : 0;
    const bool wider =
        to_scale >= from_scale && to.modifiers[0] - to_scale >= from.modifiers[0] - from_scale;
    return wider ? TypeChange::kWidens : TypeChange::kNarrows;
  }
  return Limit(to, 0) >= Limit(from, 0) ? TypeChange::kWidens : TypeChange::kNarrows;
}

bool IsText(const Type& type) {
  return type.name == "text" || (type.name == "character varying" && type.modifiers.empty());
}

// citext, of any schema, holds the same values as text.
bool HoldsAnyText(const Type& type) {
  return IsText(type) || type.name == "citext" || type.name.ends_with(".citext");
}

TypeChange CompareFamilies(const Type& from, const Type& to) {
  for (const auto& chain : Chains()) {
    const auto before = PlaceIn(chain, from.name);
    const auto after = PlaceIn(chain, to.name);
    if (!before || !after) continue;
    if (IsText(from) && IsText(to)) return TypeChange::kWidens;
    if (to.name == "json") return TypeChange::kOther;  // it keeps every value of jsonb
    return *after > *before ? TypeChange::kWidens : TypeChange::kNarrows;
  }
  const bool from_integer = PlaceIn(Chains()[0], from.name).has_value();
  if (from_integer && to.name == "numeric" && to.modifiers.empty()) return TypeChange::kOther;
  if (HoldsAnyText(to)) return TypeChange::kOther;  // every type has a text form
  if (from.name == "date" && to.name.starts_with("timestamp")) return TypeChange::kOther;
  return TypeChange::kNarrows;
}

}  // namespace

bool ChangesOnlyTimeZone(std::string_view from, std::string_view to) {
  constexpr int kMicroseconds = 6;
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
  if (before.name == after.name) return CompareModifiers(before, after);
  return CompareFamilies(before, after);
}

}  // namespace ballast::lint
