// SPDX-License-Identifier: Apache-2.0
#include "difference/offending_rows.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "base/text.h"
#include "difference/type_shapes.h"
#include "sql/lexer.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using sql::Token;
using sql::TokenReader;

// Takes the expression at the begin of an index element, without its operator class: a name, a
// call, or one in parentheses; with its collation.
std::string_view TakeExpression(TokenReader& element) {
  const TokenReader begin = element;
  if (!element.Is("(")) {
    element.Skip();
    while (element.Take(".")) element.Skip();
  }
  element.SkipParentheses();
  if (element.Take("collate")) element.TakeName();
  return begin.SourceBefore(element);
}

std::string RangeCondition(const std::vector<std::string>& columns, const TokenReader& from,
                           const TokenReader& to) {
  const auto is_unbounded = [](const TokenReader& bound) {
    return bound.Has("minvalue") || bound.Has("maxvalue");
  };
  if ((is_unbounded(from) || is_unbounded(to)) && columns.size() > 1) return {};
  std::vector<std::string> conditions;
  for (const std::string& column : columns) conditions.push_back(column + " IS NOT NULL");
  const std::string key = "(" + Join(columns, ", ") + ")";
  if (!is_unbounded(from)) conditions.push_back(fmt::format("{} >= ({})", key, from.Source()));
  if (!is_unbounded(to)) conditions.push_back(fmt::format("{} < ({})", key, to.Source()));
  return Join(conditions, " AND ");
}

std::string ListCondition(const std::string& key, const TokenReader& values) {
  std::vector<std::string> others;
  bool has_null = false;
  for (const TokenReader& value : values.SplitAtCommas()) {
    const bool is_null = value.Is("null") && value.left() == 1;
    has_null |= is_null;
    if (!is_null) others.emplace_back(value.Source());
  }
  std::vector<std::string> conditions;
  if (!others.empty()) conditions.push_back(key + " IN (" + Join(others, ", ") + ")");
  if (has_null) conditions.push_back(key + " IS NULL");
  return Join(conditions, " OR ");
}

// The condition of "CHECK (…)", with the column in place of VALUE.
std::string ConditionOn(const std::string& column, std::string_view condition) {
  std::string text;
  size_t copied = 0;
  for (const Token& token : sql::Tokenize(condition)) {
    const std::string_view word = condition.substr(token.offset, token.length);
    if (token.kind != sql::TokenKind::kWord || ToLowerAscii(std::string(word)) != "value") continue;
    text += std::string(condition.substr(copied, token.offset - copied)) + column;
    copied = token.offset + token.length;
  }
  return text + std::string(condition.substr(copied));
}

using Elements = std::vector<std::pair<std::string, std::string>>;  // expression and operator

// `from`: a table, and a condition on its rows.
std::string ConflictingRows(const std::string& from, const Elements& elements) {
  std::string values, conflicts;
  size_t number = 0;
  for (const auto& [expression, comparison] : elements) {
    const std::string name = "\"element " + std::to_string(++number) + "\"";
    values += fmt::format(", {} AS {}", expression, name);
    conflicts += fmt::format(" AND t.{0} {1} other.{0}", name, comparison);
  }
  const std::string rows = fmt::format(
      "(SELECT tableoid AS \"its table\", ctid AS \"its place\", *{} FROM {})", values, from);
  return fmt::format(
      "SELECT t.* FROM {0} AS t WHERE EXISTS (SELECT FROM {0} AS other WHERE (other.\"its "
      "table\", other.\"its place\") <> (t.\"its table\", t.\"its place\"){1})",
      rows, conflicts);
}

}  // namespace

std::string OverlappingRows(const std::string& table, const std::vector<std::string>& columns,
                            bool refuses_nulls) {
  Elements elements;
  for (const std::string& column : columns) elements.emplace_back(column, "=");
  elements.back().second = "&&";
  std::string query =
      ConflictingRows(table, elements) + fmt::format(" OR isempty(t.{})", columns.back());
  for (const std::string& column : columns) {
    if (refuses_nulls) query += fmt::format(" OR t.{} IS NULL", column);
  }
  return query;
}

std::string ExcludedRows(const std::string& table, const std::string& definition) {
  const std::vector<Token> tokens = sql::Tokenize(definition);
  TokenReader reader(definition, tokens);
  while (!reader.AtEnd() && !reader.Is("(")) reader.Skip();
  const TokenReader list = reader.TakeParentheses();
  reader.SkipTo("where");
  const std::string where =
      reader.Take("where") ? fmt::format(" WHERE ({})", reader.TakeParentheses().Source()) : "";
  Elements elements;
  for (TokenReader element : list.SplitAtCommas()) {
    const std::string_view expression = TakeExpression(element);
    element.SkipTo("with");
    if (!element.Take("with")) return {};
    elements.emplace_back(expression, element.Source());
  }
  if (elements.empty()) return {};
  return ConflictingRows(table + where, elements);
}

std::string BoundCondition(const catalog::TableObject& parent, const std::string& bound) {
  const std::string& clauses = parent.table.tail;
  const std::vector<Token> key_tokens = sql::Tokenize(clauses), tokens = sql::Tokenize(bound);
  TokenReader key(clauses, key_tokens), reader(bound, tokens);
  key.SkipTo("partition");
  while (!key.AtEnd() && !key.Is("(")) key.Skip();
  std::vector<std::string> columns;
  for (TokenReader element : key.TakeParentheses().SplitAtCommas())
    columns.emplace_back(TakeExpression(element));
  if (columns.empty() || !reader.Take("for", "values")) return {};
  if (reader.Take("in")) return ListCondition(columns.front(), reader.TakeParentheses());
  if (!reader.Take("from")) return {};
  const TokenReader from = reader.TakeParentheses();
  reader.Take("to");
  return RangeCondition(columns, from, reader.TakeParentheses());
}

std::string DomainConditionOn(const std::string& value, const std::string& constraint) {
  const std::vector<Token> tokens = sql::Tokenize(constraint);
  TokenReader reader(constraint, tokens);
  reader.SkipTo("check");
  if (!reader.Take("check")) return value + " IS NOT NULL";
  return ConditionOn(value, reader.TakeParentheses().Source());
}

std::string RowsThatBreakDomain(const DatabaseDefinitions& from,
                                const catalog::Definition& add_constraint) {
  const std::vector<Token> tokens = sql::Tokenize(add_constraint.statements);
  TokenReader reader(add_constraint.statements, tokens);
  reader.SkipTo("check");
  if (!reader.Take("check")) return {};
  const std::string_view condition = reader.TakeParentheses().Source();
  if (reader.Has("not", "valid")) return {};
  std::vector<std::string> queries;
  for (const catalog::TableObject& table : from.database().tables) {
    if (table.foreign || !table.bound.empty()) continue;
    for (size_t at = 0; at < table.table.columns.size(); ++at) {
      const catalog::Column& column = table.table.columns[at];
      if (NameOfType(column.type) != add_constraint.name) continue;
      const std::string name = sql::QuoteIdentifier(column.name);
      const std::string place = QuotedName(table.table.name);
      queries.push_back(fmt::format("SELECT {} AS place, {}::text AS value FROM {} WHERE NOT ({})",
                                    sql::QuoteLiteral(place + "." + name), name, place,
                                    ConditionOn(name, condition)));
    }
  }
  return Join(queries, " UNION ALL ");
}

}  // namespace ballast::difference
