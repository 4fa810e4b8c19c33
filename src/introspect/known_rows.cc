// SPDX-License-Identifier: Apache-2.0
#include "introspect/known_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "introspect/catalog_internal.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

std::string WithFixedTexts(const postgres::Session& session, const std::string& query) {
  if (session.transaction_state() != postgres::TransactionState::kInTransaction) {
    return TextSettings() + query;
  }
  return "SAVEPOINT ballast_texts;\n" + TextSettings() + query +
         ";\nROLLBACK TO ballast_texts;\nRELEASE ballast_texts";
}

// By the key itself, for which the server uses its index.
std::string ByKey(const std::vector<std::string>& columns, const std::vector<std::string>& keys) {
  return "(" + Join(columns, ", ") + ") IN ((" + Join(keys, "), (") + "))";
}

// By its text, where a column has another type, of which a key may be no value.
std::string ByText(const std::vector<std::string>& columns, const std::vector<std::string>& keys) {
  std::vector<std::string> texts;
  texts.reserve(keys.size());
  for (const std::string& key : keys) texts.push_back(sql::QuoteLiteral(key));
  return KeySql(columns) + " IN (" + Join(texts, ", ") + ")";
}

bool IsOfType(const Error& error) {
  const std::string state = error.Detail("sqlstate");
  return sqlstate::IsCausedByRows(state) || state == sqlstate::kUndefinedFunction ||
         state == sqlstate::kDatatypeMismatch;
}

}  // namespace

Result<postgres::Rows> QueryFixedTexts(postgres::Session& session, const std::string& query) {
  TRY_ASSIGN(std::vector<postgres::Rows> answers, session.Query(WithFixedTexts(session, query)));
  const auto answer = std::ranges::find_if(
      answers, [](const postgres::Rows& rows) { return !rows.columns.empty(); });
  BALLAST_CHECK(answer != answers.end());
  return std::move(*answer);
}

std::string KeySql(const std::vector<std::string>& columns) {
  if (columns.empty()) return "''";
  std::vector<std::string> values(columns.size(), "%L");
  return "pg_catalog.format('" + Join(values, ", ") + "', " + Join(columns, "::text, ") + "::text)";
}

Result<std::vector<std::string>> ReadKeys(postgres::Session& session, const std::string& table,
                                          const std::vector<std::string>& columns) {
  TRY_ASSIGN(const postgres::Rows answer,
             QueryFixedTexts(session, "SELECT " + KeySql(columns) + " FROM ONLY " + table));
  std::vector<std::string> keys;
  keys.reserve(answer.rows.size());
  for (const auto& row : answer.rows) keys.push_back(row[0].value_or(""));
  return keys;
}

Result<std::set<std::string>> FindKeys(postgres::Session& session, const std::string& table,
                                       const std::vector<std::string>& columns,
                                       const std::vector<std::string>& keys) {
  constexpr size_t kPortion = 500;
  std::set<std::string> found;
  for (size_t at = 0; at < keys.size(); at += kPortion) {
    const std::vector<std::string> portion(
        keys.begin() + static_cast<std::ptrdiff_t>(at),
        keys.begin() + static_cast<std::ptrdiff_t>(std::min(at + kPortion, keys.size())));
    const std::string query = fmt::format("SELECT {} FROM {} WHERE ", KeySql(columns), table);
    Result<postgres::Rows> answer = QueryFixedTexts(session, query + ByKey(columns, portion));
    if (!answer.ok() && IsOfType(answer.error())) {
      answer = QueryFixedTexts(session, query + ByText(columns, portion));
    }
    if (!answer.ok()) return std::move(answer).error();
    for (const auto& row : answer->rows) found.insert(row[0].value_or(""));
  }
  return found;
}

Result<std::vector<std::string>> RulesAgainstOnConflict(postgres::Session& session,
                                                        const std::string& table) {
  // Rules for UPDATE count even where they are disabled.
  TRY_ASSIGN(const auto answers,
             session.Query(fmt::format(
                 "SELECT pg_catalog.quote_ident(rulename) FROM pg_catalog.pg_rewrite WHERE "
                 "ev_class = pg_catalog.to_regclass({}) AND (ev_type = '2' OR ev_type = '3' AND "
                 "ev_enabled IN ('O', 'A')) ORDER BY 1",
                 sql::QuoteLiteral(table))));
  std::vector<std::string> rules;
  for (const auto& row : answers.back().rows) rules.push_back(row[0].value_or(""));
  return rules;
}

}  // namespace ballast::introspect
