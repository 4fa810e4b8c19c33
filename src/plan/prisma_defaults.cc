// SPDX-License-Identifier: Apache-2.0
#include "plan/prisma_defaults.h"

#include <string_view>

#include "base/text.h"
#include "sql/prisma_definitions.h"

namespace ballast::plan {
namespace {

constexpr std::string_view kList = "list";  // how PrismaDefault begins a list, and an empty one

bool IsSequence(const std::string& text) {
  return text.find("nextval(") != std::string::npos;
}

// Prisma's parser of numbers accepts one pair of parentheses, but no string inside.
bool IsReadableInParentheses(const std::string& text, const TypeText& type) {
  const bool number = text.size() > 1 && (text[1] == '-' || (text[1] >= '0' && text[1] <= '9'));
  return IsFractionType(type.name) && number;
}

// Whether Prisma reads a value in the database's default, instead of keeping its text.
bool IsRead(const DefaultPair& pair) {
  const std::string& text = pair.replayed;
  const TypeText& type = pair.type;
  const std::string value = sql::PrismaDefault(text);
  const bool has_parser = (HasPrismaType(type.name) && type.name != "uuid") || pair.is_enum;
  if (type.list) {
    return value == kList || (value.starts_with("list ") && has_parser && !IsTimeType(type.name));
  }
  if (!has_parser) return false;
  if (IsTimeType(type.name)) return value == "now()" && !text.starts_with('(');
  if (text.starts_with('(')) return IsReadableInParentheses(text, type);
  if (IsIntegerType(type.name)) {
    const bool fraction = text.substr(0, text.find('\'')).find('.') != std::string::npos;
    return IsSequence(text) || (value.starts_with("number ") && !fraction);
  }
  if (IsFractionType(type.name)) return value.starts_with("number ");
  if (type.name == "boolean") return value.starts_with("boolean ");
  return value != text && (text.starts_with('\'') || text.starts_with("E'"));
}

}  // namespace

bool AreSameDefaults(const DefaultPair& pair) {
  const auto& [expected, replayed, type, is_enum, generated] = pair;
  const bool none = replayed.empty() || replayed.starts_with("NULL");
  if (generated) {
    // Prisma would take a sequence away even from dbgenerated().
    if (generated->empty()) return !IsSequence(replayed);
    return !none && !IsRead(pair) && ToLowerAscii(replayed) == ToLowerAscii(*generated);
  }
  if (expected.empty() || none) return expected.empty() && none;
  if (IsSequence(expected)) return IsSequence(replayed);
  const std::string value = sql::PrismaDefault(expected);
  const std::string other = sql::PrismaDefault(replayed);
  if (!type.list && value == "time") return true;  // Prisma does not compare times
  if (type.list && IsTimeType(type.name)) return (value == kList) == (other == kList);
  return IsRead(pair) && value == other;
}

std::string WrittenDefault(const DefaultPair& pair) {
  if (pair.generated) return "dbgenerated(\"" + *pair.generated + "\")";
  return pair.expected.substr(0, pair.expected.find("::"));
}

}  // namespace ballast::plan
