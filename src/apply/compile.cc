// SPDX-License-Identifier: Apache-2.0
#include "apply/compile.h"

#include <fmt/format.h>

#include "apply/verify_catalog.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "plan/script_settings_sql.h"
#include "postgres/migrations_table.h"
#include "sql/quote.h"

namespace ballast::apply {
namespace {

using postgres::JournalEvent;

release::CoveredMigration CoveredOf(const release::Migration& migration) {
  return {migration.name, migration.checksum};
}

// In the formats in which the values were kept.
std::string OnKeptValues(const std::string& script) {
  constexpr auto kFormats = plan::ScriptSettings::kBaseline;
  return plan::SetSettingsSql(kFormats) + script + plan::RestoreSettingsSql(kFormats);
}

bool IsVerify(const plan::Step& step) {
  return std::holds_alternative<plan::VerifyCatalog>(step.act);
}

}  // namespace

std::vector<std::string> ScriptsOf(const plan::Transaction& transaction) {
  std::vector<std::string> names;
  for (const plan::Step& step : transaction.steps) {
    if (const auto* run = std::get_if<plan::RunScript>(&step.act)) {
      names.push_back(run->migration.name);
    }
  }
  return names;
}

std::vector<std::string> ScriptsOf(const plan::Plan& plan) {
  std::vector<std::string> names;
  for (const plan::Transaction& transaction : plan.transactions) {
    for (std::string& name : ScriptsOf(transaction)) names.push_back(std::move(name));
  }
  return names;
}

Compiler::Compiler(const plan::Observation& observation, const postgres::Target& target,
                   postgres::JournalContext journal, Comparer comparer,
                   const std::vector<postgres::SessionSetting>& settings)
    : schema_(observation.schema),
      server_major_(observation.server.major),
      own_path_(!target.schema.empty()),
      journal_allowed_(observation.has_journal || observation.server.can_create_schema),
      journal_exists_(observation.has_journal),
      runs_allowed_(journal_allowed_ && observation.can_write_runs),
      runs_exist_(observation.has_runs),
      has_plpgsql_(observation.has_plpgsql),
      comparer_(comparer),
      journal_(std::move(journal)),
      renew_settings_(postgres::RenewSettingsSql(settings)) {}

Comparer Compiler::ComparerFor(const plan::VerifyCatalog& verify) const {
  return ComparerOf(verify.expected(), server_major_, comparer_);
}

std::string Compiler::RestorePathSql() const {
  if (!own_path_) return "RESET search_path;\n";
  return "SET LOCAL search_path = " + sql::QuoteIdentifier(schema_) + ";\n";
}

std::string Compiler::JournalSql(const postgres::JournalEntry& entry) const {
  if (!journal_allowed_) return {};
  return (journal_exists_ ? std::string() : postgres::CreateJournalSql()) +
         postgres::InsertJournalSql(journal_, entry);
}

std::string Compiler::DeployedSql(const plan::Plan& plan,
                                  const std::function<postgres::RunRow()>& row) const {
  const std::vector<std::string> scripts = ScriptsOf(plan);
  std::string sql =
      JournalSql({JournalEvent::kDeployed, scripts.empty() ? "rows only" : scripts.back(),
                  "ran: " + Join(scripts, ", ")});
  if (!journal_.release.version.empty() && has_plpgsql_) {
    sql += postgres::NoteReleaseSql(schema_, journal_.release);
  }
  if (!row || !runs_allowed_) return sql;
  if (!runs_exist_) sql += postgres::CreateRunsSql();
  postgres::RunRow run = row();
  run.schema = schema_;
  return sql + postgres::InsertRunInTransactionSql(run, scripts, has_plpgsql_);
}

std::string Compiler::CommittedSql(const plan::Transaction& transaction) const {
  if (transaction.mode != plan::ScriptMode::kInTransaction) return {};
  std::string sql;
  for (const plan::Step& step : transaction.steps) {
    const auto* run = std::get_if<plan::RunScript>(&step.act);
    if (run != nullptr && !run->record)
      sql += JournalSql(
          {JournalEvent::kStepFinished, run->migration.name, "committed before the others"});
  }
  return sql;
}

std::string Compiler::EndSql(const plan::Plan& plan, const plan::Transaction& transaction,
                             const std::function<postgres::RunRow()>& row) const {
  const bool last = &transaction == &plan.transactions.back();
  return last ? DeployedSql(plan, row) : CommittedSql(transaction);
}

std::string Compiler::StartRowSql(const plan::RunScript& script, std::string_view id) const {
  if (!script.record) return {};
  return postgres::InsertStartedSql(schema_, CoveredOf(script.migration), id);
}

std::string Compiler::FinishRowSql(const plan::RunScript& script, std::string_view id) const {
  if (!script.record) return {};
  return postgres::FinishSql(schema_, script.migration.name, id);
}

std::string Compiler::StartSql(const plan::RunScript& script) const {
  const std::string& name = script.migration.name;
  return renew_settings_ + StartRowSql(script) +
         JournalSql({JournalEvent::kStepStarted, name, "outside a transaction"});
}

std::string Compiler::FinishSql(const plan::RunScript& script) const {
  const std::string& name = script.migration.name;
  return FinishRowSql(script) + JournalSql({JournalEvent::kStepFinished, name, ""});
}

std::string Compiler::FailSql(const std::string& name, const std::string& logs) const {
  return postgres::FailSql(schema_, name, logs) +
         JournalSql({JournalEvent::kStepFailed, name, logs});
}

std::string Compiler::StartSplitSql(const plan::RunScript& script,
                                    const plan::StatementProgress& progress) const {
  const std::string& name = script.migration.name;
  return renew_settings_ + StartRowSql(script) +
         postgres::FailSql(schema_, name, plan::LogsOf(progress)) +
         JournalSql({JournalEvent::kStepStarted, name, "statement by statement"});
}

std::string Compiler::StatementSql(const plan::RunScript& script,
                                   const plan::StatementProgress& progress, int line) const {
  const std::string& name = script.migration.name;
  return postgres::FailSql(schema_, name, plan::LogsOf(progress)) +
         JournalSql({JournalEvent::kStatementFinished, name,
                     fmt::format("{} of {}, line {}", progress.done, progress.count, line)});
}

std::string Compiler::FinishSplitSql(const plan::RunScript& script) const {
  return postgres::ClearLogsSql(schema_, script.migration.name) + FinishSql(script);
}

std::string Compiler::DeleteRowSql(const std::string& name) const {
  return postgres::DeleteOpenRowSql(schema_, name) +
         JournalSql({JournalEvent::kStepFailed, name, ""});
}

std::string Compiler::DropInvalidIndexSql(const plan::DropInvalidIndex& drop) {
  return "DROP INDEX CONCURRENTLY IF EXISTS " +
         sql::QualifiedName(drop.index.schema, drop.index.name) + ";\n";
}

void Compiler::AddStep(const plan::Step& step, SqlSink& sink) const {
  std::visit(
      Overloaded{
          [&](const plan::CreateTargetSchema&) {
            sink.AddOwn("CREATE SCHEMA IF NOT EXISTS " + sql::QuoteIdentifier(schema_) + ";\n");
          },
          [&](const plan::CreateMigrationsTable&) {
            sink.AddOwn(postgres::CreateMigrationsTableSql(schema_));
          },
          [&](const plan::RunScript& run) {
            const std::string id = sink.NewRowId();
            if (!run.record) sink.AddMeasurement(postgres::BeginUnrecordedSql());
            const bool own = run.settings != plan::ScriptSettings::kSession;
            sink.AddOwn((own ? "" : renew_settings_) + StartRowSql(run, id) +
                        plan::SetSettingsSql(run.settings));
            sink.AddScript({run.migration.name, run.Script(), SplitPolicy::kBetweenStatements,
                            *run.migration.script, run.changes_reading});
            sink.AddOwn(plan::RestoreSettingsSql(run.settings) + FinishRowSql(run, id));
            if (!run.record) {
              sink.AddMeasurement(postgres::EndUnrecordedSql(run.migration.name));
            }
          },
          [&](const plan::RestoreKeptData& restore) {
            // Scripts can have left settings.
            const std::string own =
                restore.observes ? std::string() : RestorePathSql() + plan::OwnSettingsSql();
            sink.AddOwn(own + OnKeptValues(restore.script));
          },
          [&](const plan::InsertResolvedRows& record) {
            sink.AddOwn(postgres::InsertMarkedSql(schema_, record.migrations));
          },
          [&](const plan::InsertExecutedRows& record) {
            for (const release::CoveredMigration& migration : record.migrations) {
              sink.AddOwn(postgres::InsertStartedSql(schema_, migration) +
                          postgres::FinishSql(schema_, migration.name));
            }
          },
          [&](const plan::DeleteHistoryRows& forget) {
            sink.AddOwn(postgres::DeleteRowsSql(schema_, forget.All()));
          },
          [&](const plan::CloseRow& close) {
            sink.AddOwn((close.finished ? postgres::FinishSql(schema_, close.name)
                                        : postgres::RollBackRowsSql(schema_, close.name)) +
                        JournalSql({JournalEvent::kStepResumed, close.name,
                                    close.finished ? "it was done" : "it runs again"}));
          },
          [&](const plan::DropInvalidIndex& drop) { sink.AddOwn(DropInvalidIndexSql(drop)); },
          [&](const plan::VerifyCatalog& verify) {
            sink.AddOwn(CompareSql(verify, server_major_, schema_,
                                   ComparerFor(verify) == Comparer::kServerOnly) +
                        RestorePathSql());
          },
      },
      step.act);
}

void Compiler::AddTransaction(const plan::Transaction& transaction, const Frame& frame,
                              SqlSink& sink) const {
  sink.AddOwn(kBegin + frame.begin);
  for (const plan::Step& step : transaction.steps) AddStep(step, sink);
  sink.AddOwn(frame.end + "COMMIT;\n");
}

void Compiler::AddUntilVerify(const plan::Transaction& transaction, const Frame& frame,
                              SqlSink& sink) const {
  sink.AddOwn(kBegin + frame.begin);
  for (const plan::Step& step : transaction.steps) {
    if (IsVerify(step)) return;
    AddStep(step, sink);
  }
}

void Compiler::AddFromVerify(const plan::Transaction& transaction, const Frame& frame,
                             SqlSink& sink) const {
  sink.AddOwn(RestorePathSql());
  bool after = false;
  for (const plan::Step& step : transaction.steps) {
    if (after) AddStep(step, sink);
    after = after || IsVerify(step);
  }
  sink.AddOwn(frame.end + "COMMIT;\n");
}

void Compiler::AddOwnTransactions(const plan::RunScript& script, const Frame& frame,
                                  SqlSink& sink) const {
  sink.AddOwn(kBegin + frame.begin + StartSql(script) + "COMMIT;\n");
  sink.AddScript(
      {script.migration.name, script.Script(), SplitPolicy::kNever, {}, script.changes_reading});
  sink.AddOwn("BEGIN;\n" + FinishSql(script) + frame.end + "COMMIT;\n");
}

}  // namespace ballast::apply
