// SPDX-License-Identifier: Apache-2.0
#include "change/count_losses.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string_view>
#include <utility>

#include "base/sqlstate.h"
#include "base/text.h"
#include "catalog/object_identity.h"
#include "change/hidden_rows.h"
#include "change/object_globs.h"
#include "difference/conversions.h"
#include "plan/loss_guard.h"
#include "plan/row_guard.h"
#include "sql/quote.h"

namespace ballast::change {
namespace {

class RowCounter {
 public:
  RowCounter(postgres::Session& session, bool in_transaction)
      : session_(session), in_transaction_(in_transaction) {}

  Result<int64_t> Count(const std::string& query) {
    TRY_ASSIGN(const auto answers, Answer("SELECT count(*) FROM (" + query + ") AS t"));
    return static_cast<int64_t>(std::atoll(answers.back().rows.at(0).at(0).value_or("0").c_str()));
  }

  // Whether `error` of Count is one of values in rows. The server does not get to the rows if the
  // query has a constant that only the script makes valid, such as a label of an enum.
  Result<bool> IsAboutRows(const std::string& query, const Error& error) {
    if (!difference::IsRefusedValue(error.Detail("sqlstate"))) return false;
    auto planned = Answer("EXPLAIN " + query);
    if (planned) return true;
    if (!IsAboutQuery(planned.error())) return std::move(planned).error();
    return false;
  }

  // Whether it is a refusal that the script may make good before the rows are read.
  static bool IsAboutQuery(const Error& error) {
    const std::string state = error.Detail("sqlstate");
    return sqlstate::IsUndefinedObject(state) || difference::IsRefusedValue(state);
  }

 private:
  // An open transaction remains usable.
  Result<std::vector<postgres::Rows>> Answer(const std::string& sql) {
    if (in_transaction_) TRY(session_.Query("SAVEPOINT before_count"));
    auto answers = session_.Query(sql);
    if (in_transaction_ && !answers) TRY(session_.Query("ROLLBACK TO before_count"));
    if (!answers && IsHiddenByPolicy(answers.error())) return HiddenRows(answers.error());
    return answers;
  }

  postgres::Session& session_;
  bool in_transaction_;
};

std::string WithReason(const std::string& what, const Error& error) {
  const std::string message = error.Detail("server_message");
  return what + ": " + (message.empty() ? error.message : message);
}

// Of a statement of a package, only the label is known. Empty: it does not name the table.
std::string TableOf(const difference::Statement& statement) {
  constexpr std::string_view kColumn = "column ";
  if (!statement.table.empty() || !statement.object.starts_with(kColumn)) return statement.table;
  std::vector<std::string> parts = catalog::PartsOf(statement.object.substr(kColumn.size()));
  parts.pop_back();
  for (std::string& part : parts) part = sql::QuoteIdentifier(part);
  return Join(parts, ".");
}

// The query itself converts the values, so people cannot use it.
plan::BlockingRows UnconvertibleOf(const difference::Statement& statement, const Error& error) {
  const std::string table = TableOf(statement);
  return {statement.object, WithReason(statement.fails_on, error), 0,
          table.empty() ? statement.offending_rows : "SELECT * FROM " + table};
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
    RowCounter counter(session_, false);
    auto counted = counter.Count(query());
    if (!counted && !lost.condition.empty() && RowCounter::IsAboutQuery(counted.error())) {
      const bool may_change = !AfterChangedRows(question_.statements).empty();
      TRY_ASSIGN(const bool by_rows, counter.IsAboutRows(query(), counted.error()));
      if (by_rows && !may_change) {
        NoteUnconvertible(lost, counted.error());
        return false;
      }
      // Only the script creates the type, or corrects the rows, so every value may be lost.
      lost.condition.clear();
      counted = counter.Count(query());
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
  RowCounter counter(session, in_transaction);
  const size_t countable = statements.size() - AfterChangedRows(statements).size();
  for (const difference::Statement& statement : std::span(statements).first(countable)) {
    if (statement.offending_rows.empty()) continue;
    auto count = counter.Count(statement.offending_rows);
    if (!count) {
      if (!RowCounter::IsAboutQuery(count.error())) return std::move(count).error();
      TRY_ASSIGN(const bool by_rows, counter.IsAboutRows(statement.offending_rows, count.error()));
      // Otherwise the query needs what only the script creates.
      if (by_rows) blocking.push_back(UnconvertibleOf(statement, count.error()));
    } else if (*count > 0) {
      blocking.push_back({statement.object, statement.fails_on, *count, statement.offending_rows,
                          statement.cause, statement.before_correction});
    }
  }
  return blocking;
}

std::vector<MadeAgainObject> CountMadeAgain(const std::vector<release::RollbackLoss>& made_again,
                                            postgres::Session& session) {
  std::map<std::string, std::optional<int64_t>> rows;  // by table; the count reads all of it
  std::vector<MadeAgainObject> counted;
  for (const release::RollbackLoss& made : made_again) {
    std::optional<int64_t> count;
    if (!made.table.empty()) {
      const auto [known, is_new] = rows.try_emplace(made.table);
      if (is_new) {
        const auto answer = RowCounter(session, false).Count("SELECT FROM " + made.table);
        if (answer) known->second = *answer;
      }
      count = known->second;
    }
    counted.push_back({made.object, count});
  }
  return counted;
}

Result<LossCount> CountLosses(const LossQuestion& question, postgres::Session& session) {
  return LossCounter(question, session).Count();
}

}  // namespace ballast::change
