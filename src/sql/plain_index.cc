// SPDX-License-Identifier: Apache-2.0
#include "sql/plain_index.h"

#include <algorithm>

#include "sql/classify.h"
#include "sql/classify_statement.h"
#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

// The place of the word among the tokens, if they begin with one of the two statements.
std::optional<size_t> PlaceOfWord(const TokenReader& reader) {
  const bool create = reader.Is("create");
  if (!create && !reader.Is("drop")) return std::nullopt;
  const size_t index = create && reader.Is("unique", 1) ? 2 : 1;
  if (!reader.Is("index", index) || !reader.Is("concurrently", index + 1)) return std::nullopt;
  return index + 1;
}

// `word` is a view into the script.
std::string Blanked(std::string_view script, std::string_view word) {
  std::string text(script);
  text.replace(static_cast<size_t>(word.data() - script.data()), word.size(), word.size(), ' ');
  return text;
}

std::string DroppedName(TokenReader reader) {
  reader.Take("if", "exists");
  return reader.TakeName();
}

}  // namespace

std::optional<PlainIndex> ReadPlainIndex(std::string_view script) {
  StatementIterator walk(script);
  if (!walk.Next()) return std::nullopt;
  TokenReader reader = walk.reader();
  const auto place = PlaceOfWord(reader);
  const StatementText& statement = walk.statement();
  const std::string_view rest = script.substr(statement.offset + statement.text.size());
  if (!place || StatementIterator(rest).Next()) return std::nullopt;
  PlainIndex found{reader.Is("create"), {}, Blanked(script, reader.Text(*place))};
  reader.Skip(*place + 1);
  if (!found.create && reader.SplitAtCommas().size() > 1) return std::nullopt;
  found.object = found.create ? NameAfterOn(reader) : DroppedName(reader);
  if (found.object.empty()) return std::nullopt;
  return found;
}

std::string_view LastPart(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

}  // namespace ballast::sql
