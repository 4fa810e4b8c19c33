// SPDX-License-Identifier: Apache-2.0
#include "sql/computed_rows.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

using Names = std::set<std::string>;

// Names in the text, also in its strings, which can be code.
void AddNames(std::string_view text, bool only_in_strings, Names& names) {
  for (const Token& token : Tokenize(text)) {
    const std::string_view word = text.substr(token.offset, token.length);
    if (token.kind == TokenKind::kString) {
      AddNames(StringContent(word), false, names);
    } else if (!only_in_strings && token.kind == TokenKind::kWord) {
      names.insert(ToLowerAscii(std::string(word)));
    } else if (!only_in_strings && token.kind == TokenKind::kQuotedName) {
      names.insert(NameContent(word));
    }
  }
}

void AddTarget(TokenReader& reader, Names& names) {
  const ObjectName table = reader.TakeName();
  if (!table.empty()) names.insert(table.name);
}

void AddStatement(std::string_view text, Names& names) {
  const std::vector<Token> tokens = Tokenize(text);
  TokenReader reader(text, tokens);
  if (reader.Take("insert", "into")) {
    if (reader.Has("select") || reader.Has("table")) AddTarget(reader, names);
  } else if (reader.Take("update")) {
    reader.Take("only");
    AddTarget(reader, names);
  } else if (reader.Is("create")) {
    const bool copies = reader.Has("table") && reader.Has("select");
    AddNames(text, !copies, names);
  } else if (!reader.Is("alter")) {
    static constexpr std::array<std::string_view, 10> kDefinitions = {
        "drop",  "comment", "grant",    "revoke", "set",
        "reset", "delete",  "truncate", "begin",  "commit"};
    const bool defines = std::any_of(kDefinitions.begin(), kDefinitions.end(),
                                     [&](std::string_view word) { return reader.Is(word); });
    if (!defines) AddNames(text, false, names);
  }
}

}  // namespace

Names TablesWithComputedRows(std::string_view script) {
  Names names;
  for (const StatementText& statement : SplitScript(script)) AddStatement(statement.text, names);
  return names;
}

}  // namespace ballast::sql
