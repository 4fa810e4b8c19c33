// SPDX-License-Identifier: Apache-2.0
#include "sql/concurrent_index.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

constexpr std::string_view kConcurrently = "concurrently";

std::optional<ConcurrentIndex> BuildIn(const json& statement) {
  const ObjectName table = RelationName(At(statement, "relation"));
  return ConcurrentIndex{true, table, {table.schema, TextAt(statement, "idxname")}, {}};
}

std::optional<ConcurrentIndex> DropIn(const json& statement) {
  const json& objects = At(statement, "objects");
  if (TextAt(statement, "removeType") != "OBJECT_INDEX" || objects.size() != 1) return std::nullopt;
  return ConcurrentIndex{false, {}, NameFromParts(NamePartsIn(objects.front())), {}};
}

// In both statements it is the first word of its kind: only other keywords precede it.
std::string WithoutConcurrently(std::string_view script) {
  std::string plain(script);
  const std::vector<Token> tokens = Tokenize(script);
  const auto word = std::find_if(tokens.begin(), tokens.end(), [&](const Token& token) {
    return token.kind == TokenKind::kWord &&
           ToLowerAscii(script.substr(token.offset, token.length)) == kConcurrently;
  });
  if (word != tokens.end()) plain.replace(word->offset, word->length, word->length, ' ');
  return plain;
}

}  // namespace

std::optional<ConcurrentIndex> ReadConcurrentIndex(std::string_view script) {
  if (!ContainsIgnoringAsciiCase(script, kConcurrently)) return std::nullopt;
  const std::optional<json> tree = ParseTreeOf(script);
  if (!tree || At(*tree, "stmts").size() != 1) return std::nullopt;
  const json& statement = At(At(*tree, "stmts").front(), "stmt");
  const json& build = At(statement, "IndexStmt");
  const json& drop = At(statement, "DropStmt");
  if (!build.contains("concurrent") && !drop.contains("concurrent")) return std::nullopt;
  std::optional<ConcurrentIndex> index = build.empty() ? DropIn(drop) : BuildIn(build);
  if (index) index->plain = WithoutConcurrently(script);
  return index;
}

std::optional<ConcurrentIndex> ReadNamedConcurrentIndex(std::string_view script) {
  std::optional<ConcurrentIndex> index = ReadConcurrentIndex(script);
  if (index && index->index.empty()) return std::nullopt;
  return index;
}

}  // namespace ballast::sql
