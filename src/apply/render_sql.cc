// SPDX-License-Identifier: Apache-2.0
#include "apply/render_sql.h"

#include <fmt/format.h>

#include "apply/batch.h"
#include "apply/compile.h"
#include "apply/split_script_sql.h"
#include "apply/verify_catalog.h"
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

class Renderer {
 public:
  Renderer(const plan::Plan& plan, const plan::Observation& observation,
           const postgres::Target& target, const RunContext& context)
      : plan_(plan),
        server_major_(observation.server.major),
        comparer_(context.comparer),
        compiler_(observation, target, context.journal) {}

  std::string Transactions() const {
    std::string sql;
    size_t number = 0;
    for (const plan::Transaction& transaction : plan_.transactions) {
      const bool last = &transaction == &plan_.transactions.back();
      sql += fmt::format("\n-- {} of {}\n", ++number, plan_.transactions.size());
      sql += One(transaction, last ? compiler_.DeployedSql(plan_) : std::string());
    }
    return sql;
  }

 private:
  std::string One(const plan::Transaction& transaction, const std::string& end) const {
    if (transaction.mode == plan::ScriptMode::kInTransaction) {
      std::string sql = "BEGIN;\n";
      for (const plan::Step& step : transaction.steps) sql += StepSql(step);
      return sql + end + "COMMIT;\n";
    }
    const plan::Act& act = transaction.steps.front().act;
    if (const auto* drop = std::get_if<plan::DropInvalidIndex>(&act)) {
      return Compiler::DropInvalidIndexSql(*drop);
    }
    const plan::RunScript& script = std::get<plan::RunScript>(act);
    if (transaction.mode == plan::ScriptMode::kSplit) {
      return SplitScriptSql(compiler_, script).Text(end);
    }
    const bool waits = script.waits_for_transactions;
    return "BEGIN;\n" + compiler_.StartSql(script) + "COMMIT;\n" +
           (waits ? Compiler::kNoLockTimeout : "") + ScriptSql(script) + "BEGIN;\n" +
           compiler_.FinishSql(script) + end + "COMMIT;\n" +
           (waits ? Compiler::kLockTimeoutAgain : "");
  }

  // The script can end inside a line comment and without a semicolon.
  static std::string ScriptSql(const plan::RunScript& script) {
    const std::string sql = fmt::format("-- {}\n{}\n;\n", script.migration.name, script.Script());
    return Compiler::InSettings(script.settings, sql);
  }

  std::string StepSql(const plan::Step& step) const {
    if (const auto* run = std::get_if<plan::RunScript>(&step.act)) {
      if (!run->record) return ScriptSql(*run);
      return compiler_.StartRowSql(*run) + ScriptSql(*run) + compiler_.FinishRowSql(*run);
    }
    const auto* verify = std::get_if<plan::VerifyCatalog>(&step.act);
    if (verify != nullptr && comparer_ == Comparer::kBallast) {
      return fmt::format(
          "-- Here ballast compares the live catalog with {}, object by object. psql cannot, "
          "because "
          "this\n-- database has other objects, too. Compare afterwards: ballast status\n",
          verify->expected().catalog);
    }
    if (verify != nullptr &&
        ComparerOf(verify->expected(), server_major_, comparer_) == Comparer::kBallast) {
      return "-- Here ballast compares the live catalog with " + verify->expected().catalog + "\n";
    }
    Message message;
    compiler_.AddStep(step, message);
    return std::string(message.text());
  }

  const plan::Plan& plan_;
  int server_major_;
  Comparer comparer_;
  Compiler compiler_;
};

}  // namespace

std::string RenderSql(const plan::Plan& plan, const plan::Observation& observation,
                      const postgres::Target& target, const RunContext& context,
                      const postgres::ObserveOptions& options) {
  if (plan.empty()) return "-- Nothing to do.\n";
  return Head(target, options) + Renderer(plan, observation, target, context).Transactions();
}

}  // namespace ballast::apply
