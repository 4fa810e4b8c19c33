// SPDX-License-Identifier: Apache-2.0
#include "catalog/prisma_type_names.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace ballast::catalog {
namespace {

using Word = std::pair<std::string_view, std::string_view>;

constexpr std::array kPlainTypes = std::to_array<Word>({
    {"text", "TEXT"},
    {"integer", "INTEGER"},
    {"bigint", "BIGINT"},
    {"smallint", "SMALLINT"},
    {"boolean", "BOOLEAN"},
    {"double precision", "DOUBLE PRECISION"},
    {"real", "REAL"},
    {"numeric", "DECIMAL"},
    {"money", "MONEY"},
    {"jsonb", "JSONB"},
    {"json", "JSON"},
    {"bytea", "BYTEA"},
    {"uuid", "UUID"},
    {"xml", "XML"},
    {"inet", "INET"},
    {"oid", "OID"},
    {"date", "DATE"},
    {"citext", "CITEXT"},
    {"character varying", "VARCHAR"},
    {"bit varying", "VARBIT"},
    {"timestamp without time zone", "TIMESTAMP"},
    {"timestamp with time zone", "TIMESTAMPTZ"},
    {"time without time zone", "TIME"},
    {"time with time zone", "TIMETZ"},
});

// Only with a modifier: CHAR without one means CHAR(1), which the server prints.
constexpr std::array kModifiedTypes = std::to_array<Word>({
    {"character varying", "VARCHAR"},
    {"character", "CHAR"},
    {"numeric", "DECIMAL"},
    {"bit", "BIT"},
    {"bit varying", "VARBIT"},
    {"timestamp without time zone", "TIMESTAMP"},
    {"timestamp with time zone", "TIMESTAMPTZ"},
    {"time without time zone", "TIME"},
    {"time with time zone", "TIMETZ"},
});

template <size_t kSize>
std::string_view WordFor(const std::array<Word, kSize>& words, std::string_view type) {
  const auto it = std::find_if(words.begin(), words.end(),
                               [&](const Word& word) { return word.first == type; });
  return it == words.end() ? std::string_view() : it->second;
}

// The end of the string constant that starts at 0, or npos. Constants are as the server prints
// them: quotes doubled, no E.
size_t EndOfConstant(std::string_view text) {
  if (text.empty() || text[0] != '\'') return std::string_view::npos;
  for (size_t at = 1; at < text.size(); ++at) {
    if (text[at] != '\'') continue;
    if (at + 1 == text.size() || text[at + 1] != '\'') return at + 1;
    ++at;
  }
  return std::string_view::npos;
}

bool IsNegativeNumber(std::string_view digits, bool whole) {
  if (digits.size() < 2 || digits[0] != '-') return false;
  const std::string_view rest = digits.substr(1);
  const size_t point = rest.find('.');
  if (point != std::string_view::npos && (whole || point == 0 || point + 1 == rest.size())) {
    return false;
  }
  return std::count(rest.begin(), rest.end(), '.') <= 1 &&
         rest.find_first_not_of("0123456789.") == std::string_view::npos &&
         rest.find_first_not_of("0.") != std::string_view::npos;
}

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool Exceeds(std::string_view digits, std::string_view limit) {
  return digits.size() > limit.size() || (digits.size() == limit.size() && digits > limit);
}

// Whether the bare number is read as a constant of exactly the type that it is cast to: the parser
// takes the first of integer, bigint and numeric that holds it (PostgreSQL parse_node.c,
// make_const).
bool BareNumberIsSame(std::string_view number, std::string_view cast) {
  const bool negative = number.starts_with('-');
  const std::string_view digits = number.substr(negative ? 1 : 0);
  if (cast == "integer") return digits.size() <= 9 && IsNegativeNumber(number, true);
  if (cast == "bigint") {
    return IsDigits(digits) && digits[0] != '0' && digits.size() < 19 &&
           Exceeds(digits, negative ? "2147483648" : "2147483647");
  }
  if (cast != "numeric") return false;
  if (IsDigits(digits)) return digits[0] != '0' && digits.size() > 19;
  return IsNegativeNumber(number, false);
}

// For these types, a constant cast to the column's own type equals the bare constant. Not for
// intervals, whose modifier changes how the constant is read.
bool BareConstantIsSame(std::string_view cast, std::string_view bare_type) {
  if (cast.starts_with("interval")) return false;
  return cast == bare_type || (cast == "bpchar" && bare_type == "character");
}

// 'x'::type at the start of `text`: the constant, if the cast can be omitted.
struct CastConstant {
  std::string_view constant;
  std::string_view cast;  // up to the next comma or bracket
  size_t end = 0;
};

CastConstant ReadCastConstant(std::string_view text) {
  const size_t end = EndOfConstant(text);
  if (end == std::string_view::npos || !text.substr(end).starts_with("::")) return {};
  size_t stop = end + 2;
  bool quoted = false;
  while (stop < text.size() && (quoted || (text[stop] != ',' && text[stop] != ']'))) {
    if (text[stop] == '"') quoted = !quoted;
    ++stop;
  }
  return {text.substr(0, end), text.substr(end + 2, stop - end - 2), stop};
}

// ARRAY['a'::text, 'b'::text] → ARRAY['a', 'b']::TEXT[]; empty for anything else. The parser
// applies the cast's element type to bare constants (PostgreSQL parse_expr.c, transformTypeCast),
// so the stored array is the same.
std::string ArrayOfConstants(std::string_view text, std::string_view bare_type) {
  constexpr std::string_view kOpen = "ARRAY[";
  if (!text.starts_with(kOpen) || !bare_type.ends_with("[]")) return {};
  const std::string_view element = bare_type.substr(0, bare_type.size() - 2);
  text.remove_prefix(kOpen.size());
  std::vector<std::string> constants;
  while (true) {
    const CastConstant part = ReadCastConstant(text);
    if (part.constant.empty() || part.cast != element || element == "interval") return {};
    constants.emplace_back(part.constant);
    text.remove_prefix(part.end);
    if (text == "]") break;
    if (!text.starts_with(", ")) return {};
    text.remove_prefix(2);
  }
  return "ARRAY[" + Join(constants, ", ") + "]::" + PrismaType(std::string(bare_type));
}

}  // namespace

std::string PrismaType(const std::string& server_type) {
  if (server_type.ends_with("[]")) {
    return PrismaType(server_type.substr(0, server_type.size() - 2)) + "[]";
  }
  if (const std::string_view word = WordFor(kPlainTypes, server_type); !word.empty()) {
    return std::string(word);
  }
  const size_t open = server_type.find('(');
  const size_t close = server_type.find(')');
  if (open == std::string::npos || close == std::string::npos) return server_type;
  const std::string modifier = server_type.substr(open, close - open + 1);
  const std::string type = server_type.substr(0, open) + server_type.substr(close + 1);
  const std::string_view word = WordFor(kModifiedTypes, type);
  return word.empty() ? server_type : std::string(word) + modifier;
}

std::string PrismaDefault(const std::string& expression, const std::string& bare_type) {
  constexpr std::string_view kEmptyArray = "ARRAY[]::";
  if (expression == std::string(kEmptyArray) + bare_type) {
    return std::string(kEmptyArray) + PrismaType(bare_type);
  }
  if (std::string array = ArrayOfConstants(expression, bare_type); !array.empty()) return array;
  const size_t end = EndOfConstant(expression);
  if (end == std::string::npos || expression.compare(end, 2, "::") != 0) return expression;
  const std::string cast = expression.substr(end + 2);
  std::string inside = expression.substr(1, end - 2);
  if (BareNumberIsSame(inside, cast)) return inside;
  return BareConstantIsSame(cast, bare_type) ? expression.substr(0, end) : expression;
}

}  // namespace ballast::catalog
