// SPDX-License-Identifier: Apache-2.0
#include "catalog/storage_parameters.h"

#include <vector>

#include "base/text.h"
#include "sql/lexer.h"

namespace ballast::catalog {

std::optional<StorageParameterClause> StorageParametersIn(const std::string& definition) {
  const std::vector<sql::Token> tokens = sql::Tokenize(definition);
  sql::TokenReader reader(definition, tokens.data(), tokens.data() + tokens.size());
  const auto at = [&] { return tokens.data() + tokens.size() - reader.left(); };
  while (!reader.AtEnd()) {
    if (reader.Is("with") && reader.Is("(", 1)) {
      const size_t begin = at()->offset;
      reader.Skip();
      const size_t list = at()->offset + 1;
      reader.SkipParentheses();
      const size_t close = (at() - 1)->offset;
      std::string rest(Trim(definition.substr(0, begin)));
      const std::string after(Trim(definition.substr(close + 1)));
      if (!after.empty()) rest += " " + after;
      return StorageParameterClause{definition.substr(list, close - list), std::move(rest)};
    }
    if (reader.Is("(")) {
      reader.SkipParentheses();
    } else {
      reader.Skip();
    }
  }
  return std::nullopt;
}

}  // namespace ballast::catalog
