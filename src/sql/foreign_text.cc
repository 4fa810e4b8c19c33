// SPDX-License-Identifier: Apache-2.0
#include "sql/foreign_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

struct Character {
  std::string_view bytes;  // UTF-8
  std::string_view name;   // Unicode
  std::string_view remedy;
};

constexpr std::string_view kRemove = "remove it";
constexpr std::string_view kSpace = "write a plain space";
constexpr std::string_view kApostrophe = "write '";
constexpr std::string_view kQuotationMark = "write \"";

// PostgreSQL takes each of these for a part of a name.
constexpr std::array<Character, 12> kCharacters = {{
    {"\xEF\xBB\xBF", "U+FEFF (byte order mark)", kRemove},
    {"\xC2\xA0", "U+00A0 (no-break space)", kSpace},
    {"\xE2\x80\xAF", "U+202F (narrow no-break space)", kSpace},
    {"\xE3\x80\x80", "U+3000 (ideographic space)", kSpace},
    {"\xE2\x80\x8B", "U+200B (zero width space)", kRemove},
    {"\xE2\x80\x8C", "U+200C (zero width non-joiner)", kRemove},
    {"\xE2\x80\x8D", "U+200D (zero width joiner)", kRemove},
    {"\xE2\x81\xA0", "U+2060 (word joiner)", kRemove},
    {"\xE2\x80\x98", "U+2018 (left single quotation mark)", kApostrophe},
    {"\xE2\x80\x99", "U+2019 (right single quotation mark)", kApostrophe},
    {"\xE2\x80\x9C", "U+201C (left double quotation mark)", kQuotationMark},
    {"\xE2\x80\x9D", "U+201D (right double quotation mark)", kQuotationMark},
}};

struct Found {
  const Character* character = nullptr;  // null: none
  size_t offset = 0;                     // of its token
};

// The first of them outside strings, quoted names and comments of this statement.
Found StrangeCharacterIn(std::string_view statement) {
  for (const Token& token : Tokenize(statement)) {
    if (token.kind == TokenKind::kString || token.kind == TokenKind::kQuotedName) continue;
    const std::string_view text = statement.substr(token.offset, token.length);
    const auto found = std::find_if(
        kCharacters.begin(), kCharacters.end(),
        [&](const Character& c) { return text.find(c.bytes) != std::string_view::npos; });
    if (found != kCharacters.end()) return {&*found, token.offset};
  }
  return {};
}

bool BeginsLine(std::string_view script, size_t offset) {
  const size_t before = script.substr(0, offset).find_last_not_of(" \t");
  return before == std::string_view::npos || script[before] == '\n';
}

bool IsVariable(std::string_view script, size_t offset) {
  if (script[offset] != ':' || offset + 1 >= script.size()) return false;
  const char next = script[offset + 1];
  return std::isalpha(static_cast<unsigned char>(next)) != 0 || next == '_' || next == '\'' ||
         next == '"';
}

struct Place {
  StatementText statement;
  bool after_copy = false;  // the statement before is COPY … FROM stdin
};

Place PlaceOf(std::string_view script, size_t offset) {
  Place place;
  bool copy = false;
  for (StatementIterator walk(script); walk.Next();) {
    if (walk.statement().offset > offset) break;
    place = {walk.statement(), copy};
    copy = walk.reader().Is("copy") && walk.reader().Has("from", "stdin");
  }
  return place;
}

}  // namespace

std::string ForeignTextHint(std::string_view script, size_t offset) {
  if (offset >= script.size()) return {};
  if (script.substr(0, kCharacters[0].bytes.size()) == kCharacters[0].bytes) {
    return "the file begins with a byte order mark, which PostgreSQL does not accept: save it as "
           "UTF-8 without one";
  }
  const Place place = PlaceOf(script, offset);
  if (place.after_copy) {
    return "the lines after COPY … FROM stdin are rows that only psql sends: write them as INSERT "
           "statements (pg_dump --inserts)";
  }
  if (script[offset] == '\\' && BeginsLine(script, offset)) {
    return "a line that begins with a backslash is a command of psql (pg_dump writes \\restrict "
           "since 17.6): remove it from the script";
  }
  if (IsVariable(script, offset)) {
    return "a name after a colon is a variable of psql, which a migration does not have: write its "
           "value";
  }
  const Found strange = StrangeCharacterIn(place.statement.text);
  if (strange.character == nullptr) return {};
  return fmt::format(
      "line {} has the character {}, which PostgreSQL takes for a part of a name: {}",
      LineAt(script, place.statement.offset + strange.offset), strange.character->name,
      strange.character->remedy);
}

}  // namespace ballast::sql
