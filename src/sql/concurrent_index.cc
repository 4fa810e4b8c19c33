// SPDX-License-Identifier: Apache-2.0
#include "sql/concurrent_index.h"

#include "sql/lexer.h"

namespace ballast::sql {
namespace {

ConcurrentIndex Named(bool build, const std::string& schema_of, const std::string& name) {
  const size_t dot = schema_of.rfind('.');
  return {build, dot == std::string::npos ? std::string() : schema_of.substr(0, dot),
          build ? name : name.substr(dot == std::string::npos ? 0 : dot + 1)};
}

std::optional<ConcurrentIndex> ReadBuild(TokenReader reader) {
  reader.Take("unique");
  if (!reader.Take("index", "concurrently")) return std::nullopt;
  if (reader.Take("if", "not")) reader.Take("exists");
  if (reader.Is("on")) return std::nullopt;  // the server chooses a name
  const std::string name = reader.TakeName();
  if (!reader.Take("on")) return std::nullopt;
  reader.Take("only");
  return Named(true, reader.TakeName(), name);
}

std::optional<ConcurrentIndex> ReadDrop(TokenReader reader) {
  if (!reader.Take("index", "concurrently")) return std::nullopt;
  reader.Take("if", "exists");
  const std::string name = reader.TakeName();
  return Named(false, name, name);
}

}  // namespace

std::optional<ConcurrentIndex> ConcurrentIndexOf(std::string_view script) {
  std::vector<Token> tokens = Tokenize(script);
  const auto is_end = [&](const Token& token) {
    return token.kind == TokenKind::kSymbol && script[token.offset] == ';';
  };
  while (!tokens.empty() && is_end(tokens.back())) tokens.pop_back();
  for (const Token& token : tokens) {
    if (is_end(token)) return std::nullopt;
  }
  TokenReader reader(script, tokens.data(), tokens.data() + tokens.size());
  if (reader.Take("create")) return ReadBuild(reader);
  if (reader.Take("drop")) return ReadDrop(reader);
  return std::nullopt;
}

}  // namespace ballast::sql
