// SPDX-License-Identifier: Apache-2.0
#include "difference/offending_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <optional>
#include <utility>

#include "base/text.h"
#include "difference/table_clauses.h"
#include "difference/type_shapes.h"
#include "sql/lexer.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using sql::Token;
using sql::TokenKind;

std::string_view TextOf(std::string_view script, const Token& token) {
  return script.substr(token.offset, token.length);
}

// The parts between commas outside of parentheses.
std::vector<std::string> PartsOfList(std::string_view list) {
  std::vector<std::string> parts;
  size_t begin = 0;
  int depth = 0;
  for (const Token& token : sql::Tokenize(list)) {
    const std::string_view text = TextOf(list, token);
    if (text == "(" || text == "[") ++depth;
    if (text == ")" || text == "]") --depth;
    if (text != "," || depth != 0) continue;
    parts.emplace_back(Trim(list.substr(begin, token.offset - begin)));
    begin = token.offset + 1;
  }
  parts.emplace_back(Trim(list.substr(begin)));
  return parts;
}

// What is inside of the first parentheses, and what follows them.
struct Enclosed {
  std::string inside, after;
};

std::optional<Enclosed> FirstParentheses(std::string_view text) {
  size_t open = std::string_view::npos;
  int depth = 0;
  for (const Token& token : sql::Tokenize(text)) {
    const std::string_view part = TextOf(text, token);
    if (part == "(" && depth++ == 0) open = token.offset + 1;
    if (part != ")" || --depth != 0) continue;
    return Enclosed{std::string(text.substr(open, token.offset - open)),
                    std::string(text.substr(token.offset + 1))};
  }
  return std::nullopt;
}

// The expression at the begin of an index element, without its operator class: a name, a call, or
// one in parentheses; with its collation.
std::string ExpressionOf(std::string_view element) {
  const std::vector<Token> tokens = sql::Tokenize(element);
  size_t end = 0;
  int depth = 0;
  for (size_t at = 0; at < tokens.size(); ++at) {
    const std::string_view text = TextOf(element, tokens[at]);
    const bool continues = at == 0 || depth > 0 || text == "(" || text == "." ||
                           TextOf(element, tokens[at - 1]) == ".";
    if (!continues) break;
    if (text == "(") ++depth;
    if (text == ")") --depth;
    end = tokens[at].offset + tokens[at].length;
  }
  std::string expression(element.substr(0, end));
  const std::string_view rest = element.substr(end);
  constexpr std::string_view kCollate = " COLLATE ";
  if (rest.starts_with(kCollate)) {
    const size_t blank = rest.find(' ', kCollate.size());
    expression += std::string(rest.substr(0, blank));
  }
  return expression;
}

std::string RangeCondition(const std::vector<std::string>& columns, const Enclosed& from,
                           const Enclosed& to) {
  const bool unbounded = from.inside.find("MINVALUE") != std::string::npos ||
                         from.inside.find("MAXVALUE") != std::string::npos ||
                         to.inside.find("MINVALUE") != std::string::npos ||
                         to.inside.find("MAXVALUE") != std::string::npos;
  if (unbounded && columns.size() > 1) return {};
  std::vector<std::string> conditions;
  for (const std::string& column : columns) conditions.push_back(column + " IS NOT NULL");
  const std::string key = "(" + Join(columns, ", ") + ")";
  if (from.inside != "MINVALUE") conditions.push_back(key + " >= (" + from.inside + ")");
  if (to.inside != "MAXVALUE") conditions.push_back(key + " < (" + to.inside + ")");
  return Join(conditions, " AND ");
}

std::string ListCondition(const std::string& key, const std::string& values) {
  std::vector<std::string> others;
  bool has_null = false;
  for (const std::string& value : PartsOfList(values)) {
    if (value == "NULL") has_null = true;
    if (value != "NULL") others.push_back(value);
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
    if (token.kind != TokenKind::kWord ||
        ToLowerAscii(std::string(TextOf(condition, token))) != "value")
      continue;
    text += std::string(condition.substr(copied, token.offset - copied)) + column;
    copied = token.offset + token.length;
  }
  return text + std::string(condition.substr(copied));
}

}  // namespace

std::string DuplicateRows(const std::string& table, const std::vector<std::string>& keys,
                          bool nulls_are_equal, const std::string& predicate) {
  std::vector<std::string> conditions;
  if (!predicate.empty()) conditions.push_back("(" + predicate + ")");
  for (const std::string& key : keys) {
    if (!nulls_are_equal) conditions.push_back("(" + key + ") IS NOT NULL");
  }
  const std::string where = conditions.empty() ? "" : " WHERE " + Join(conditions, " AND ");
  return fmt::format(
      "SELECT * FROM (SELECT *, count(*) OVER (PARTITION BY {}) AS \"equal rows\" FROM {}{}) AS t "
      "WHERE t.\"equal rows\" > 1",
      Join(keys, ", "), table, where);
}

std::string ExcludedRows(const std::string& table, const std::string& definition) {
  const std::optional<Enclosed> list = FirstParentheses(definition);
  if (!list) return {};
  std::string where;
  if (list->after.starts_with(" WHERE ")) {
    const std::optional<Enclosed> predicate = FirstParentheses(list->after);
    if (!predicate) return {};
    where = " WHERE (" + predicate->inside + ")";
  }
  std::string values, conflicts;
  size_t number = 0;
  for (const std::string& element : PartsOfList(list->inside)) {
    const size_t with = element.rfind(" WITH ");
    if (with == std::string::npos) return {};
    const std::string name = "\"element " + std::to_string(++number) + "\"";
    values += ", " + ExpressionOf(element.substr(0, with)) + " AS " + name;
    conflicts += " AND t." + name + " " + element.substr(with + 6) + " other." + name;
  }
  const std::string rows =
      fmt::format("(SELECT tableoid AS \"its table\", ctid AS \"its place\", *{} FROM {}{})",
                  values, table, where);
  return fmt::format(
      "SELECT t.* FROM {0} AS t WHERE EXISTS (SELECT FROM {0} AS other WHERE (other.\"its "
      "table\", other.\"its place\") <> (t.\"its table\", t.\"its place\"){1})",
      rows, conflicts);
}

std::string BoundCondition(const catalog::TableObject& parent, const std::string& bound) {
  const std::string head = ParseTableClauses(parent.table.tail).head;
  const size_t by = head.find("PARTITION BY ");
  const std::optional<Enclosed> key =
      by == std::string::npos ? std::nullopt : FirstParentheses(head.substr(by));
  const std::optional<Enclosed> first = FirstParentheses(bound);
  if (!key || !first) return {};
  std::vector<std::string> columns;
  for (const std::string& element : PartsOfList(key->inside)) {
    columns.push_back(ExpressionOf(element));
  }
  if (bound.starts_with("FOR VALUES FROM ")) {
    const std::optional<Enclosed> second = FirstParentheses(first->after);
    return second ? RangeCondition(columns, *first, *second) : std::string();
  }
  if (bound.starts_with("FOR VALUES IN ")) return ListCondition(columns.front(), first->inside);
  return {};
}

bool BoundsOverlap(const std::string& bound, const std::string& other) {
  constexpr std::string_view kList = "FOR VALUES IN ", kHash = "FOR VALUES WITH ";
  if (bound == "DEFAULT" || other == "DEFAULT") return bound == other;
  const auto first = FirstParentheses(bound), second = FirstParentheses(other);
  if (!first || !second) return false;
  if (bound.starts_with(kList) && other.starts_with(kList)) {
    const std::vector<std::string> values = PartsOfList(first->inside);
    for (const std::string& value : PartsOfList(second->inside)) {
      if (std::find(values.begin(), values.end(), value) != values.end()) return true;
    }
  }
  long modulus[2] = {}, remainder[2] = {};
  const std::string_view hash = "modulus %ld, remainder %ld";
  const bool both =
      bound.starts_with(kHash) && other.starts_with(kHash) &&
      std::sscanf(first->inside.c_str(), hash.data(), &modulus[0], &remainder[0]) == 2 &&
      std::sscanf(second->inside.c_str(), hash.data(), &modulus[1], &remainder[1]) == 2;
  return both && (remainder[0] - remainder[1]) % std::gcd(modulus[0], modulus[1]) == 0;
}

std::string NameOfDomainCheck(const catalog::Definition& add_constraint) {
  if (!add_constraint.detail.starts_with(" CONSTRAINT ")) return add_constraint.detail;
  const std::vector<Token> tokens = sql::Tokenize(add_constraint.detail);
  return tokens.size() < 2 ? std::string()
                           : sql::NameContent(TextOf(add_constraint.detail, tokens[1]));
}

std::string DomainConditionOn(const std::string& value, const std::string& constraint) {
  const size_t check = constraint.find(" CHECK (");
  if (check == std::string::npos) return value + " IS NOT NULL";
  const auto condition = FirstParentheses(std::string_view(constraint).substr(check));
  return condition ? ConditionOn(value, condition->inside) : std::string();
}

std::string RowsThatBreakDomain(const DatabaseDefinitions& from,
                                const catalog::Definition& add_constraint) {
  const std::string& text = add_constraint.statements;
  const size_t check = text.find(" CHECK (");
  const std::optional<Enclosed> condition =
      check == std::string::npos ? std::nullopt
                                 : FirstParentheses(std::string_view(text).substr(check));
  if (!condition || condition->after.find("NOT VALID") != std::string::npos) return {};
  const std::string domain = QuotedName(add_constraint.name);
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
                                    ConditionOn(name, condition->inside)));
    }
  }
  return Join(queries, " UNION ALL ");
}

}  // namespace ballast::difference
