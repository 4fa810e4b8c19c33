// SPDX-License-Identifier: Apache-2.0
#include "plan/prisma_types.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ballast::plan {
namespace {

template <size_t n>
bool IsOneOf(const std::string& name, const std::array<const char*, n>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

TypeText ReadType(std::string text) {
  TypeText type;
  type.list = text.ends_with("[]");
  while (text.ends_with("[]")) text.erase(text.size() - 2);
  const size_t open = text.find('(');
  const size_t close = text.find(')');
  if (text.starts_with('"') || open == std::string::npos || close == std::string::npos) {
    type.name = std::move(text);
    return type;
  }
  type.arguments = text.substr(open + 1, close - open - 1);
  type.name = text.substr(0, open) + text.substr(close + 1);
  return type;
}

bool IsTimeType(const std::string& name) {
  return name.starts_with("timestamp ") || name.starts_with("time ") || name == "date";
}

bool IsIntegerType(const std::string& name) {
  static constexpr std::array kNames = {"smallint", "integer", "bigint", "oid"};
  return IsOneOf(name, kNames);
}

bool IsFractionType(const std::string& name) {
  static constexpr std::array kNames = {"real", "double precision", "numeric", "money"};
  return IsOneOf(name, kNames);
}

bool HasPrismaType(const std::string& name) {
  static constexpr std::array kNames = {
      "boolean",   "text", "bit",   "bytea", "bit varying", "character varying",
      "character", "json", "jsonb", "uuid",  "xml",         "inet"};
  return IsTimeType(name) || IsIntegerType(name) || IsFractionType(name) || name == "citext" ||
         name.ends_with(".citext") || IsOneOf(name, kNames);
}

}  // namespace ballast::plan
