// SPDX-License-Identifier: Apache-2.0
#include "apply/compile.h"

#include <fmt/format.h>

#include "apply/uuid.h"
#include "apply/verify_catalog.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "postgres/migrations_table.h"
#include "sql/quote.h"

namespace ballast::apply {
namespace {

release::CoveredMigration CoveredOf(const release::Migration& migration) {
  return {migration.name, migration.checksum};
}

bool IsVerify(const plan::Step& step) {
  return std::holds_alternative<plan::VerifyCatalog>(step.act);
}

}  // namespace

std::vector<std::string> ScriptsOf(const plan::Plan& plan) {
  std::vector<std::string> names;
  for (const plan::Step& step : plan.steps) {
    if (const auto* run = std::get_if<plan::RunScript>(&step.act)) {
      names.push_back(run->migration.name);
    }
  }
  return names;
}

int RowsRecorded(const plan::Plan& plan) {
  size_t rows = 0;
  for (const plan::Step& step : plan.steps) {
    std::visit(
        Overloaded{
            [&](const plan::RunScript& run) { rows += run.record ? 1 : 0; },
            [&](const plan::InsertResolvedRows& record) { rows += record.migrations.size(); },
            [&](const plan::InsertExecutedRows& record) { rows += record.migrations.size(); },
            [](const auto&) {},
        },
        step.act);
  }
  return static_cast<int>(rows);
}

Error ScriptError(const postgres::ServerError& error, const ErrorLocation& culprit) {
  if (culprit.script.empty()) return postgres::ErrorOf(error, "a step of the deployment");
  Error made = MakeError(
      ErrorCode::kMigrationFailed,
      fmt::format("{} failed to apply: {}: {} (SQLSTATE {}); it was rolled back, nothing of it "
                  "remains",
                  culprit.script, error.severity, error.message, error.sqlstate),
      error.hint.empty() ? "mend the script, then deploy again" : error.hint,
      {culprit.script, culprit.line});
  made.details.emplace_back("migration", culprit.script);
  made.details.emplace_back("sqlstate", error.sqlstate);
  made.details.emplace_back("server_message", error.message);
  if (!error.detail.empty()) made.details.emplace_back("detail", error.detail);
  if (!culprit.statement_start.empty()) {
    made.details.emplace_back("line_text", culprit.statement_start);
  }
  return made;
}

Compiler::Compiler(const plan::Observation& observation, const postgres::Target& target,
                   postgres::JournalEntry journal)
    : schema_(observation.schema),
      server_major_(observation.server.major),
      own_path_(!target.schema.empty()),
      journal_allowed_(observation.has_journal || observation.server.can_create_schema),
      journal_exists_(observation.has_journal),
      journal_(std::move(journal)) {}

std::string Compiler::RestorePathSql() const {
  return own_path_ ? "" : "RESET search_path;\n";
}

std::string Compiler::JournalSql(const std::string& event, const std::string& subject,
                                 const std::string& detail) const {
  if (!journal_allowed_) return {};
  postgres::JournalEntry entry = journal_;
  entry.event = event;
  entry.subject = subject;
  entry.detail = detail;
  return (journal_exists_ ? std::string() : postgres::CreateJournalSql()) +
         postgres::InsertJournalSql({entry});
}

std::string Compiler::JournalOfRun(const plan::Plan& plan) const {
  const std::vector<std::string> scripts = ScriptsOf(plan);
  return JournalSql("deployed", scripts.empty() ? "rows only" : scripts.back(),
                    "ran: " + Join(scripts, ", "));
}

void Compiler::AddStep(const plan::Step& step, Message& message) const {
  std::visit(
      Overloaded{
          [&](const plan::CreateTargetSchema&) {
            message.AddOwn("CREATE SCHEMA IF NOT EXISTS " + sql::QuoteIdentifier(schema_) + ";\n");
          },
          [&](const plan::CreateMigrationsTable&) {
            message.AddOwn(postgres::CreateMigrationsTableSql(schema_));
          },
          [&](const plan::RunScript& run) {
            const std::string id = NewUuid();
            if (run.record) {
              message.AddOwn(postgres::InsertStartedSql(schema_, CoveredOf(run.migration), id));
            }
            message.AddScript(run.migration.name, run.Script());
            if (run.record) message.AddOwn(postgres::FinishSql(schema_, run.migration.name, id));
          },
          [&](const plan::InsertResolvedRows& record) {
            message.AddOwn(postgres::InsertMarkedSql(schema_, record.migrations));
          },
          [&](const plan::InsertExecutedRows& record) {
            for (const release::CoveredMigration& migration : record.migrations) {
              message.AddOwn(postgres::InsertStartedSql(schema_, migration) +
                             postgres::FinishSql(schema_, migration.name));
            }
          },
          [&](const plan::DeleteHistoryRows& forget) {
            message.AddOwn(postgres::DeleteRowsSql(schema_, forget.names));
          },
          [&](const plan::CloseRow& close) {
            message.AddOwn((close.finished ? postgres::FinishSql(schema_, close.name)
                                           : postgres::RollBackRowsSql(schema_, close.name)) +
                           JournalSql("step_resumed", close.name,
                                      close.finished ? "it was done" : "it runs again"));
          },
          [&](const plan::DropInvalidIndex& drop) {
            message.AddOwn("DROP INDEX CONCURRENTLY IF EXISTS " +
                           sql::QualifiedName(drop.index.schema, drop.index.name) + ";\n");
          },
          [&](const plan::VerifyCatalog& verify) {
            message.AddOwn(CompareSql(verify, server_major_, schema_) + RestorePathSql());
          },
      },
      step.act);
}

void Compiler::AddWholeTransaction(const plan::Plan& plan, Message& message) const {
  message.AddOwn("BEGIN;\n");
  for (const plan::Step& step : plan.steps) AddStep(step, message);
  message.AddOwn(JournalOfRun(plan) + "COMMIT;\n");
}

void Compiler::AddUntilVerify(const plan::Plan& plan, Message& message) const {
  message.AddOwn("BEGIN;\n");
  for (const plan::Step& step : plan.steps) {
    if (IsVerify(step)) return;
    AddStep(step, message);
  }
}

void Compiler::AddFromVerify(const plan::Plan& plan, Message& message) const {
  message.AddOwn(RestorePathSql());
  bool after = false;
  for (const plan::Step& step : plan.steps) {
    if (after) AddStep(step, message);
    after = after || IsVerify(step);
  }
  message.AddOwn(JournalOfRun(plan) + "COMMIT;\n");
}

}  // namespace ballast::apply
