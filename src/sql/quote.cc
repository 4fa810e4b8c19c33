// SPDX-License-Identifier: Apache-2.0
#include "sql/quote.h"

#include "base/text.h"
#include "sql/lexer.h"

namespace ballast::sql {

std::string QuoteIdentifier(std::string_view name) {
  return '"' + ReplaceAll(std::string(name), "\"", "\"\"") + '"';
}

std::string QualifiedName(std::string_view schema, std::string_view name) {
  if (schema.empty()) return QuoteIdentifier(name);
  return QuoteIdentifier(schema) + "." + QuoteIdentifier(name);
}

std::string QuoteLiteral(std::string_view text) {
  std::string quoted = "'" + ReplaceAll(std::string(text), "'", "''") + "'";
  if (text.find('\\') == std::string_view::npos) return quoted;
  return "E" + ReplaceAll(std::move(quoted), "\\", "\\\\");
}

std::string QuoteTextArray(const std::vector<std::string>& texts) {
  std::vector<std::string> literals;
  literals.reserve(texts.size());
  for (const std::string& text : texts) literals.push_back(QuoteLiteral(text));
  return "ARRAY[" + Join(literals, ", ") + "]::text[]";
}

std::string EscapeBackslashes(std::string_view script) {
  if (script.find('\\') == std::string_view::npos) return std::string(script);
  std::string text;
  size_t done = 0;
  Lexer lexer(script);
  for (Token token{}; lexer.Next(&token);) {
    const std::string_view constant = script.substr(token.offset, token.length);
    if (token.kind != TokenKind::kString || constant.front() != '\'' ||
        constant.find('\\') == std::string_view::npos) {
      continue;
    }
    text += script.substr(done, token.offset - done);
    text += 'E' + ReplaceAll(std::string(constant), "\\", "\\\\");
    done = token.offset + token.length;
  }
  text += script.substr(done);
  return text;
}

}  // namespace ballast::sql
