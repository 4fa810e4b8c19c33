// SPDX-License-Identifier: Apache-2.0
#include "sql/text_order.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

template <size_t kSize>
bool IsOneOf(const TokenReader& reader, const std::array<std::string_view, kSize>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return reader.Is(word); });
}

// They compute no row.
constexpr std::array<std::string_view, 26> kDefinitions = {
    "drop",    "comment", "grant",   "revoke",  "set",      "reset",   "truncate",
    "begin",   "start",   "commit",  "end",     "rollback", "abort",   "savepoint",
    "release", "lock",    "analyze", "vacuum",  "reindex",  "cluster", "security",
    "discard", "listen",  "notify",  "refresh", "reassign"};

// Words that read other rows, or compare by order or pattern.
constexpr std::array<std::string_view, 7> kReads = {"select",  "from",    "using", "table",
                                                    "between", "similar", "ilike"};

// What a parenthesis can follow without a call, and functions that compare nothing.
constexpr std::array<std::string_view, 19> kNoCalls = {"values",
                                                       "in",
                                                       "and",
                                                       "or",
                                                       "not",
                                                       "set",
                                                       "row",
                                                       "any",
                                                       "exists",
                                                       "conflict",
                                                       "set_config",
                                                       "setval",
                                                       "nextval",
                                                       "now",
                                                       "gen_random_uuid",
                                                       "random",
                                                       "uuid_generate_v4",
                                                       "clock_timestamp",
                                                       "statement_timestamp"};

// The statements of code that can compute.
constexpr std::array<std::string_view, 9> kCode = {
    "select", "insert", "update", "delete", "merge", "execute", "perform", "call", "copy"};

bool IsCall(const TokenReader& reader) {
  const bool name = reader.Kind() == TokenKind::kWord || reader.Kind() == TokenKind::kQuotedName;
  return name && reader.Text(1) == "(" && !IsOneOf(reader, kNoCalls);
}

// Symbols are tokens of one character: "<>" compares by equality. Arrows and containments ("->",
// "#>", "@>", "<@") read JSON.
bool ComparesByOrder(const TokenReader& reader, std::string_view before) {
  if (reader.Kind() != TokenKind::kSymbol) return false;
  const std::string_view symbol = reader.Text();
  const std::string_view after = reader.Text(1);
  if (symbol == "~") return true;
  if (symbol == "<") return after != ">" && after != "@";
  return symbol == ">" && before != "<" && before != "-" && before != "#" && before != "@" &&
         before != ">";
}

// From here to the end of the statement.
bool Computes(TokenReader reader) {
  std::string_view before;
  for (; !reader.AtEnd(); reader.Skip()) {
    if (IsOneOf(reader, kReads) || IsCall(reader) || ComparesByOrder(reader, before)) return true;
    before = reader.Text();
  }
  return false;
}

bool InsertComputes(TokenReader reader) {
  reader.Take("insert", "into");
  reader.TakeName();
  if (reader.Take("as")) reader.TakeName();
  reader.SkipParentheses();  // the columns
  return Computes(reader);
}

// CREATE TABLE … AS.
bool CreateComputes(TokenReader reader) {
  bool table = false;
  while (!reader.AtEnd()) {
    reader.SkipParentheses();
    if (reader.Is("view") || reader.Is("function") || reader.Is("procedure")) return false;
    table = table || reader.Is("table");
    if (table && reader.Is("as")) return true;
    if (!reader.AtEnd()) reader.Skip();
  }
  return false;
}

// ON DELETE and ON UPDATE are parts of definitions.
bool CodeComputes(std::string_view code) {
  const std::vector<Token> tokens = Tokenize(code);
  bool after_on = false;
  for (TokenReader reader(code, tokens); !reader.AtEnd(); reader.Skip()) {
    if (IsOneOf(reader, kCode) && !after_on) return true;
    after_on = reader.Is("on");
  }
  return false;
}

bool DoComputes(TokenReader reader) {
  for (; !reader.AtEnd(); reader.Skip()) {
    const bool code = reader.Kind() == TokenKind::kString;
    if (code && CodeComputes(StringContent(reader.Text()))) return true;
  }
  return false;
}

bool StatementComputes(TokenReader reader) {
  if (reader.AtEnd() || IsOneOf(reader, kDefinitions)) return false;
  if (reader.Is("insert")) return InsertComputes(reader);
  if (reader.Is("create")) return CreateComputes(reader);
  if (reader.Is("alter")) return reader.Has("using");
  if (reader.Take("do")) return DoComputes(reader);
  if (reader.Is("update")) return Computes(reader);
  if (reader.Take("delete")) {
    reader.Take("from");
    return Computes(reader);
  }
  return !reader.Take("select") || Computes(reader);
}

}  // namespace

bool MayComputeFromTexts(std::string_view script) {
  for (StatementIterator walk(script); walk.Next();) {
    if (StatementComputes(walk.reader())) return true;
  }
  return false;
}

bool MayHaveOtherThanAscii(std::string_view script) {
  constexpr std::array<std::string_view, 5> kMakeCharacters = {"chr", "unistr", "convert_from",
                                                               "decode", "copy"};
  const std::vector<Token> tokens = Tokenize(script);
  for (TokenReader reader(script, tokens); !reader.AtEnd(); reader.Skip()) {
    const std::string_view text = reader.Text();
    const bool escapes = reader.Kind() == TokenKind::kString && text.find('\\') != text.npos;
    if (escapes || IsOneOf(reader, kMakeCharacters)) return true;
    if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) > 0x7f; })) {
      return true;
    }
  }
  return false;
}

}  // namespace ballast::sql
