// SPDX-License-Identifier: Apache-2.0
#include "catalog/storage_parameters.h"

#include <utility>
#include <vector>

#include "sql/lexer.h"

namespace ballast::catalog {

std::optional<StorageParameterClause> StorageParametersIn(const std::string& definition) {
  const std::vector<sql::Token> tokens = sql::Tokenize(definition);
  sql::TokenReader reader(definition, tokens);
  const sql::TokenReader begin = reader;
  for (reader.SkipTo("with"); !reader.AtEnd(); reader.SkipTo("with")) {
    std::string rest(begin.SourceBefore(reader));
    reader.Skip();
    if (!reader.Is("(")) continue;
    std::string list(reader.TakeParentheses().Source());
    if (!reader.AtEnd()) rest.append(" ").append(reader.Source());
    return StorageParameterClause{std::move(list), std::move(rest)};
  }
  return std::nullopt;
}

}  // namespace ballast::catalog
