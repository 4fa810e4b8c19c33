// SPDX-License-Identifier: Apache-2.0
#include "change/single_rows.h"

#include <utility>

#include "sql/lexer.h"

namespace ballast::change {

std::vector<SingleRow> SingleRowsOf(std::string_view insert) {
  const std::vector<sql::Token> tokens = sql::Tokenize(insert);
  const sql::TokenReader start(insert, tokens);
  sql::TokenReader reader = start;
  if (!reader.Take("insert", "into")) return {};
  reader.TakeName();
  if (!reader.Is("(")) return {{std::string(start.Source()), {}, {}}};
  const sql::TokenReader columns = reader;
  reader.SkipParentheses();
  const std::string names(columns.SourceBefore(reader));
  reader.SkipTo("values");
  if (!reader.Take("values")) return {};
  const std::string head(start.SourceBefore(reader));
  std::vector<SingleRow> rows;
  for (const sql::TokenReader& row : reader.SplitAtCommas()) {
    const std::string values(row.Source());
    std::string insert = head;
    insert += " ";
    insert += values;
    rows.push_back({std::move(insert), names, values});
  }
  return rows;
}

}  // namespace ballast::change
