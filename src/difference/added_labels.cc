// SPDX-License-Identifier: Apache-2.0
#include "difference/added_labels.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "base/text.h"
#include "sql/lexer.h"

namespace ballast::difference {
namespace {

// Whether the character can continue a label, rather than end an element of an array or a row.
bool IsOfWord(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '-' || byte >= 0x80;
}

bool ContainsElement(std::string_view string, std::string_view element) {
  for (size_t at = string.find(element); at != string.npos; at = string.find(element, at + 1)) {
    const size_t end = at + element.size();
    const bool begins = at == 0 || !IsOfWord(string[at - 1]) || !IsOfWord(element.front());
    const bool ends = end == string.size() || !IsOfWord(string[end]) || !IsOfWord(element.back());
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace

bool ContainsLabel(const std::string& text, const std::string& label) {
  // Arrays and rows have quotes and backslashes in several forms; an empty label has no form.
  if (label.empty() || label.find_first_of("'\"\\") != label.npos) return !text.empty();
  if (text.find(label) == text.npos) return false;
  return std::ranges::any_of(sql::Tokenize(text), [&](const sql::Token& token) {
    return token.kind == sql::TokenKind::kString &&
           ContainsElement(std::string_view(text).substr(token.offset, token.length), label);
  });
}

bool HasLiteral(const std::string& text, const std::string& label, const catalog::Name& type) {
  const std::vector<sql::Token> tokens = sql::Tokenize(text);
  const auto source = [&](size_t at) {
    return at < tokens.size() ? std::string_view(text).substr(tokens[at].offset, tokens[at].length)
                              : std::string_view();
  };
  for (size_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].kind != sql::TokenKind::kString) continue;
    if (source(at + 1) != ":" || source(at + 2) != ":") continue;
    const size_t name = source(at + 4) == "." ? at + 5 : at + 3;
    if (source(name).empty() || sql::NameContent(source(name)) != type.name) continue;
    const bool is_array = source(name + 1) == "[";
    if (is_array ? ContainsElement(source(at), label) : sql::StringContent(source(at)) == label)
      return true;
  }
  return false;
}

void CommitLabelsInUse(const std::string& further, std::vector<Statement>& statements) {
  for (Statement& adding : statements) {
    if (adding.added_label.empty()) continue;
    const bool used =
        ContainsLabel(further, adding.added_label) ||
        std::ranges::any_of(statements, [&](const Statement& other) {
          return other.added_label.empty() && ContainsLabel(other.text, adding.added_label);
        });
    if (used) adding.placement = Placement::kCommitFirst;
  }
  std::stable_partition(statements.begin(), statements.end(), [](const Statement& statement) {
    return statement.placement == Placement::kCommitFirst;
  });
}

}  // namespace ballast::difference
