// SPDX-License-Identifier: Apache-2.0
#include "apply/render_sql.h"

#include <fmt/format.h>

#include <functional>

#include "apply/alone_script_sql.h"
#include "apply/batch.h"
#include "apply/compile.h"
#include "apply/split_script_sql.h"
#include "apply/verify_catalog.h"
#include "postgres/deployment_lock.h"
#include "postgres/session_settings.h"
#include "sql/quote.h"

namespace ballast::apply {
namespace {

std::string Head(const postgres::Target& target, const postgres::ObserveOptions& options) {
  std::string sql = fmt::format(
      "\\set ON_ERROR_STOP on\n"
      "-- The deployment lock: Prisma Migrate's, then ballast's. It ends with the session.\n"
      "SELECT pg_advisory_lock({}), pg_advisory_lock({});\n",
      postgres::kPrismaLockKey, postgres::kBallastLockKey);
  if (!target.schema.empty()) {
    sql += "SET search_path = " + sql::QuoteIdentifier(target.schema) + ";\n";
  }
  if (options.lock_timeout.count() > 0) {
    sql += fmt::format("SET lock_timeout = {};\n", options.lock_timeout.count());
  }
  if (options.statement_timeout.count() > 0) {
    sql += fmt::format("SET statement_timeout = {};\n", options.statement_timeout.count());
  }
  return sql;
}

class PsqlText : public SqlSink {
 public:
  void AddOwn(std::string_view sql) override { sql_ += sql; }
  void AddScript(const SinkScript& script) override {
    sql_ += fmt::format("-- {}\n{}\n;\n", script.name, script.text);
  }
  void AddMeasurement(std::string_view /*sql*/) override {}
  std::string NewRowId() override { return {}; }  // so that the text is always the same

  const std::string& sql() const { return sql_; }

 private:
  std::string sql_;
};

class Renderer {
 public:
  Renderer(const plan::Plan& plan, const plan::Observation& observation,
           const postgres::Target& target, const RunContext& context,
           const postgres::ObserveOptions& options)
      : plan_(plan),
        compiler_(observation, target, context.journal, context.comparer,
                  postgres::SessionSettings(target, options)),
        run_row_(context.run_row) {}

  std::string Transactions() const {
    std::string sql;
    size_t number = 0;
    for (const plan::Transaction& transaction : plan_.transactions) {
      sql += fmt::format("\n-- {} of {}\n", ++number, plan_.transactions.size());
      sql += One(transaction, {.end = compiler_.EndSql(plan_, transaction, run_row_)});
    }
    return sql;
  }

 private:
  std::string One(const plan::Transaction& transaction, const Frame& frame) const {
    switch (transaction.mode) {
      case plan::ScriptMode::kInTransaction:
        return InTransaction(transaction, frame);
      case plan::ScriptMode::kManagesOwn: {
        PsqlText text;
        compiler_.AddOwnTransactions(ScriptOf(transaction), frame, text);
        return text.sql();
      }
      case plan::ScriptMode::kAlone:
        return Alone(transaction.steps.front().act, frame.end);
      case plan::ScriptMode::kSplit:
        return SplitScriptSql(compiler_, ScriptOf(transaction)).Text(frame.end);
    }
    return {};
  }

  std::string InTransaction(const plan::Transaction& transaction, const Frame& frame) const {
    PsqlText text;
    const plan::VerifyCatalog* verify = plan::VerifyOf(transaction);
    if (verify == nullptr || compiler_.ComparerFor(*verify) != Comparer::kBallast) {
      compiler_.AddTransaction(transaction, frame, text);
      return text.sql();
    }
    compiler_.AddUntilVerify(transaction, frame, text);
    text.AddOwn(fmt::format(
        "-- Here ballast compares the live catalog with {}, object by object. psql cannot.\n"
        "-- Compare afterwards: ballast status\n",
        verify->expected().catalog));
    compiler_.AddFromVerify(transaction, frame, text);
    return text.sql();
  }

  std::string Alone(const plan::Act& act, const std::string& end) const {
    if (const auto* drop = std::get_if<plan::DropInvalidIndex>(&act)) {
      return Compiler::DropInvalidIndexSql(*drop);
    }
    const plan::RunScript& script = std::get<plan::RunScript>(act);
    const AloneScriptSql sql(compiler_, script);
    PsqlText text;
    text.AddOwn(Compiler::kBegin + sql.Start() + "COMMIT;\n");
    text.AddOwn(sql.Before());
    text.AddScript({script.migration.name, sql.Script()});
    text.AddOwn(Compiler::kBegin + sql.Finish(end) + "COMMIT;\n");
    text.AddOwn(sql.After());
    return text.sql();
  }

  const plan::Plan& plan_;
  Compiler compiler_;
  const std::function<postgres::RunRow()>& run_row_;
};

}  // namespace

std::string RenderSql(const plan::Plan& plan, const plan::Observation& observation,
                      const postgres::Target& target, const RunContext& context,
                      const postgres::ObserveOptions& options) {
  if (plan.empty()) return "-- Nothing to do.\n";
  return Head(target, options) +
         Renderer(plan, observation, target, context, options).Transactions();
}

}  // namespace ballast::apply
