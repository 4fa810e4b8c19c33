// SPDX-License-Identifier: Apache-2.0
#include "difference/type_families.h"

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace ballast::difference {

TypeText ParseType(std::string text) {
  TypeText type;
  while (text.ends_with("[]")) text.resize(text.size() - 2);
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

Family FamilyOf(const std::string& base) {
  static constexpr std::array<std::pair<std::string_view, Family>, 21> kFamilies = {{
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
      {"time without time zone", Family::kClock},
      {"time with time zone", Family::kClock},
      {"json", Family::kJson},
      {"jsonb", Family::kJson},
      {"bit", Family::kBits},
      {"bit varying", Family::kBits},
      {"boolean", Family::kBoolean},
  }};
  for (const auto& [name, family] : kFamilies) {
    if (base == name) return family;
  }
  if (base == "interval" || base.starts_with("interval ")) return Family::kInterval;
  return Family::kOther;
}

int WidthOf(const std::string& base) {
  if (base == "smallint") return 2;
  if (base == "integer") return 4;
  return base == "bigint" ? 8 : 0;
}

bool Casts(Family from, Family to, const std::string& base) {
  if (from == Family::kText || to == Family::kText) return true;
  if (from == Family::kBoolean && base == "integer") return true;
  return from == to && from != Family::kOther;
}

bool IsAtMostAsLong(const TypeText& before, const TypeText& after) {
  return !after.length || (before.length && *after.length >= *before.length);
}

}  // namespace ballast::difference
