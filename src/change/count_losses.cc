// SPDX-License-Identifier: Apache-2.0
#include "change/count_losses.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/sqlstate.h"
#include "change/hidden_rows.h"
#include "change/object_globs.h"
#include "difference/conversions.h"
#include "plan/loss_guard.h"
#include "plan/row_guard.h"
#include "sql/quote.h"

namespace ballast::change {
namespace {

Result<int64_t> CountOf(postgres::Session& session, const std::string& query) {
  auto counted = session.Query("SELECT count(*) FROM (" + query + ") AS t");
  if (!counted && IsHiddenByPolicy(counted.error())) return HiddenRows(counted.error());
  TRY_ASSIGN(const auto answers, std::move(counted));
  return static_cast<int64_t>(std::atoll(answers.back().rows.at(0).at(0).value_or("0").c_str()));
}

std::string WithReason(const std::string& what, const Error& error) {
  const std::string message = error.Detail("server_message");
  return what + ": " + (message.empty() ? error.message : message);
}

// The query itself converts the values.
plan::BlockingRows UnconvertibleOf(const difference::Statement& statement, const Error& error) {
  return {statement.object, WithReason(statement.fails_on, error), 0,
          statement.offending_rows.substr(0, statement.offending_rows.find(" WHERE "))};
}

class LossCounter {
 public:
  LossCounter(const LossQuestion& question, postgres::Session& session)
      : question_(question), session_(session) {}

  Result<LossCount> Count() {
    for (const release::RollbackLoss& expected : question_.losses) TRY(Add(expected));
    return std::move(count_);
  }

 private:
  Status Add(release::RollbackLoss lost) {
    plan::DataLoss loss{lost.object, 0, IsNamed(lost.object, question_.allowed),
                        !lost.column.empty()};
    bool counted = true;
    if (!lost.table.empty()) {
      TRY_ASSIGN(counted, CountLoss(lost, loss.count));
    }
    bool keep = loss.count > 0;
    if (!keep) {
      TRY_ASSIGN(keep, HasOnlyNulls(lost));
      if (!keep && !loss.allowed && counted) count_.without_data.push_back(lost);
    }
    if (keep && question_.keep_data && !lost.table.empty()) count_.to_keep.push_back(lost);
    if (loss.count > 0) count_.losses.push_back(std::move(loss));
    return {};
  }

  // To be kept: rows that have NULL in a column with a default, which they would get instead when
  // the column is made again.
  Result<bool> HasOnlyNulls(const release::RollbackLoss& lost) {
    if (!question_.keep_data || lost.column.empty() || lost.table.empty()) return false;
    TRY_ASSIGN(const postgres::Value any,
               session_.QueryValue(fmt::format(
                   "SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = "
                   "{}::pg_catalog.regclass AND a.atthasdef AND NOT a.attisdropped AND "
                   "'\"' || pg_catalog.replace(a.attname, '\"', '\"\"') || '\"' = {}) "
                   "AND EXISTS (SELECT FROM {})",
                   sql::QuoteLiteral(lost.table), sql::QuoteLiteral(lost.column), lost.table)));
    return postgres::IsTrue(any);
  }

  // False: a value cannot be converted, so the statement fails, too, and is noted as blocked.
  Result<bool> CountLoss(release::RollbackLoss& lost, int64_t& count) {
    const auto query = [&] { return "SELECT 1 FROM " + lost.table + plan::WhereLost(lost); };
    auto counted = CountOf(session_, query());
    const std::string state = counted ? std::string() : counted.error().Detail("sqlstate");
    const bool by_rows = !lost.condition.empty() && difference::IsRefusedValue(state);
    const bool may_change = !AfterChangedRows(question_.statements).empty();
    if (by_rows && !may_change) {
      NoteUnconvertible(lost, counted.error());
      return false;
    }
    if (by_rows || (!lost.condition.empty() && sqlstate::IsUndefinedObject(state))) {
      // Only the script creates the type, or corrects the rows, so every value may be lost.
      lost.condition.clear();
      counted = CountOf(session_, query());
    }
    TRY_ASSIGN(count, std::move(counted));
    return true;
  }

  void NoteUnconvertible(const release::RollbackLoss& lost, const Error& error) {
    std::string what = "values that cannot be converted";
    for (const difference::Statement& statement : question_.statements) {
      if (statement.object == lost.object && !statement.fails_on.empty()) what = statement.fails_on;
    }
    count_.unconvertible.push_back(
        {lost.object, WithReason(what, error), 0,
         fmt::format("SELECT * FROM {} WHERE {} IS NOT NULL", lost.table, lost.column)});
  }

  const LossQuestion& question_;
  postgres::Session& session_;
  LossCount count_;
};

}  // namespace

std::span<const difference::Statement> AfterChangedRows(
    const std::vector<difference::Statement>& statements) {
  const auto changes = std::ranges::find_if(statements, [](const difference::Statement& one) {
    return !one.described && plan::MayChangeRows(one.text);
  });
  return {changes == statements.end() ? changes : changes + 1, statements.end()};
}

Result<std::vector<plan::BlockingRows>> CountBlocking(
    const std::vector<difference::Statement>& statements, postgres::Session& session,
    bool in_transaction) {
  std::vector<plan::BlockingRows> blocking;
  const size_t countable = statements.size() - AfterChangedRows(statements).size();
  for (const difference::Statement& statement : std::span(statements).first(countable)) {
    if (statement.offending_rows.empty()) continue;
    if (in_transaction) TRY(session.Query("SAVEPOINT before_count"));
    auto count = CountOf(session, statement.offending_rows);
    if (in_transaction && !count) TRY(session.Query("ROLLBACK TO before_count"));
    if (!count) {
      const std::string state = count.error().Detail("sqlstate");
      // The query needs objects that only the script creates.
      if (sqlstate::IsUndefinedObject(state)) continue;
      if (!difference::IsRefusedValue(state)) return std::move(count).error();
      blocking.push_back(UnconvertibleOf(statement, count.error()));
    } else if (*count > 0) {
      blocking.push_back({statement.object, statement.fails_on, *count, statement.offending_rows,
                          statement.cause});
    }
  }
  return blocking;
}

Result<LossCount> CountLosses(const LossQuestion& question, postgres::Session& session) {
  return LossCounter(question, session).Count();
}

}  // namespace ballast::change
