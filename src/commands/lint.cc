// SPDX-License-Identifier: Apache-2.0
#include "commands/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "apply/named_schema.h"
#include "apply/replay.h"
#include "apply/scratch_migrations_table.h"
#include "base/text.h"
#include "commands/lint_scope.h"
#include "lint/history_order.h"
#include "lint/linted_migration.h"
#include "lint/names_and_locks.h"
#include "project/scratch_options.h"
#include "proof/statement_tracer.h"

namespace ballast::commands {
namespace {

std::string NameIn(const lint::StatementTrace& trace, lint::Oid oid) {
  const lint::Relation* relation = lint::LintedMigration::RelationAt(trace, oid);
  return relation == nullptr ? std::string() : lint::NameOf(*relation);
}

std::vector<std::string> NamesIn(const lint::StatementTrace& trace,
                                 const std::vector<lint::Oid>& oids) {
  std::vector<std::string> names;
  names.reserve(oids.size());
  for (const lint::Oid oid : oids) names.push_back(NameIn(trace, oid));
  std::sort(names.begin(), names.end());
  return names;
}

MeasuredStatement Measured(const lint::MigrationTrace& migration,
                           const lint::StatementTrace& trace) {
  MeasuredStatement line{migration.name, migration.file, trace.statement.line,
                         std::string(trace.statement.text)};
  for (const lint::HeldLock& lock : trace.locks) {
    line.locks.emplace_back(lock.mode, NameIn(trace, lock.relation));
  }
  std::sort(line.locks.begin(), line.locks.end(), [](const auto& a, const auto& b) {
    return std::tie(b.first, a.second) < std::tie(a.first, b.second);
  });
  line.rewrites = NamesIn(trace, trace.rewritten);
  line.scans = NamesIn(trace, trace.scanned);
  for (const lint::BuiltIndex& index : trace.indexes) {
    line.index_builds.push_back(NameIn(trace, index.index));
  }
  return line;
}

class Linter {
 public:
  Linter(const LintOptions& options, const project::Invocation& invocation, LintReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    TRY_ASSIGN(context_, project::LoadProject(invocation_));
    TRY_ASSIGN(scope_, PendingSince(options_.since, *context_, invocation_));
    report_.since = scope_.since;
    report_.notices = scope_.notices;
    for (const release::Migration& migration : scope_.pending) {
      report_.pending.push_back(migration.name);
    }
    folder_ = context_->project.ShownPath(context_->project.migrations);
    report_.place = context_->project.PlaceInRepository();
    TRY(ReadAllowed());
    TRY(ReadLive());
    report_.findings = lint::OrderFindings({scope_.since, scope_.applied, scope_.on_disk, folder_});
    if (!scope_.pending.empty()) TRY(Measure());
    Allow();
    return Judge();
  }

 private:
  Status ReadAllowed() {
    lint::AllowList list = lint::ParseAllowList(context_->project.config.lint_allow);
    if (!list.unknown.empty()) {
      return MakeError(
          ErrorCode::kConfigInvalid,
          fmt::format("[lint] allows \"{}\", which is not a rule{}", list.unknown.front(),
                      lint::DidYouMeanRule(list.unknown.front())),
          "docs/lint.md lists the rules", {context_->project.config.file.string(), 0});
    }
    lint_.allowed = std::move(list.entries);
    const std::optional<int64_t> timeout = context_->project.config.lock_timeout_ms;
    lint_.has_lock_timeout = timeout && *timeout > 0;
    return {};
  }

  Status ReadLive() {
    if (invocation_.database_url.empty()) return {};
    TRY_ASSIGN(const postgres::Target target, project::TargetOf(*context_));
    TRY_ASSIGN(postgres::Session session, postgres::Session::Connect(target));
    TRY_ASSIGN(lint_.live, proof::ReadLiveTables(session));
    TRY_ASSIGN(const postgres::Value time_zone, session.QueryValue("SHOW TimeZone"));
    lint_.time_zone = time_zone.value_or("");
    lint_.live_schema = target.schema;
    report_.looked_at_database = true;
    return {};
  }

  Status Measure() {
    const auto source =
        scope_.runs_package ? project::ScriptSource::kPackage : project::ScriptSource::kProject;
    const scratch::ScratchOptions scratch = project::ScratchOptionsOf(*context_, source);
    TRY_ASSIGN(scratch::ScratchServer server,
               scratch::ScratchServer::Start(scratch, *invocation_.progress));
    report_.server = server.version_text();
    TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("lint"));
    TRY_ASSIGN(const std::string schema, MakeStateBefore(database));
    TRY_ASSIGN(proof::StatementTracer tracer,
               proof::StatementTracer::Open(database, folder_, lint_.time_zone, schema));
    lint_.initial = tracer.state();
    invocation_.progress->Stage(
        fmt::format("measuring {}", Counted(scope_.pending.size(), "migration")),
        scope_.pending.size());
    size_t done = 0;
    for (const release::Migration& migration : scope_.pending) {
      TRY_ASSIGN(const lint::MigrationTrace trace, tracer.Trace(migration));
      Take(trace);
      invocation_.progress->Step(++done, migration.name);
    }
    return {};
  }

  // Returns the schema that the migrations run in: `public`, or the one that they name.
  Result<std::string> MakeStateBefore(const scratch::ScratchDatabase& database) {
    TRY_ASSIGN(postgres::Session session, database.Connect());
    apply::ReplayOptions replay;
    TRY_ASSIGN(replay.setup, project::SetupScriptOf(*context_));
    replay.folder = folder_;
    std::vector<release::Migration> history = scope_.base;
    history.insert(history.end(), scope_.pending.begin(), scope_.pending.end());
    replay.schema = apply::NamedSchemaOf(history, replay.setup).value_or("public");
    TRY(apply::Replay(session, scope_.base, replay, *invocation_.progress));
    if (replay.schema != "public") TRY(apply::RenameSchema(session, "public", replay.schema));
    if (apply::AnyNamesMigrationsTable(scope_.pending)) {
      TRY(apply::CreateScratchMigrationsTable(session, replay.schema));
    }
    return replay.schema;
  }

  void Take(const lint::MigrationTrace& trace) {
    for (const lint::StatementTrace& statement : trace.statements) {
      report_.statements.push_back(Measured(trace, statement));
    }
    std::vector<lint::Finding> findings = lint::FindingsOf(trace, lint_);
    std::move(findings.begin(), findings.end(), std::back_inserter(report_.findings));
  }

  void Allow() {
    for (const release::Migration& migration : scope_.on_disk) {
      if (!migration.script) continue;
      lint::ApplyAllowances(migration.name, *migration.script, lint_.allowed, &report_.findings);
      // Applied scripts must not be edited.
      if (std::ranges::find(report_.pending, migration.name) == report_.pending.end()) continue;
      std::vector<lint::Finding> unknown = lint::UnknownRules(
          migration.name, folder_ + "/" + migration.name + "/migration.sql", *migration.script);
      std::move(unknown.begin(), unknown.end(), std::back_inserter(report_.findings));
    }
    std::stable_sort(report_.findings.begin(), report_.findings.end(),
                     [](const lint::Finding& a, const lint::Finding& b) {
                       if (a.migration == b.migration) return a.line < b.line;
                       return release::PrismaOrder(a.migration, b.migration);
                     });
  }

  Status Judge() {
    std::set<std::string> migrations;
    size_t counted = 0;
    for (const lint::Finding& finding : report_.findings) {
      if (finding.allowed || finding.severity < report_.fail_on) continue;
      ++counted;
      migrations.insert(finding.migration);
    }
    if (counted == 0) return {};
    Error error = MakeError(
        ErrorCode::kLintFindings,
        fmt::format("{} of severity {}{} in {}", Counted(counted, "finding"),
                    lint::NameOf(report_.fail_on),
                    report_.fail_on == lint::Severity::kError ? "" : " or higher",
                    Counted(migrations.size(), "migration")),
        "change the statements as shown, or allow a finding with a comment `-- ballast:allow RULE` "
        "before its statement");
    return error;
  }

  const LintOptions& options_;
  const project::Invocation& invocation_;
  LintReport& report_;
  std::optional<project::ProjectContext> context_;
  LintScope scope_;
  lint::LintContext lint_;
  std::string folder_;
};

}  // namespace

size_t LintReport::Count(lint::Severity severity) const {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(), [&](const lint::Finding& finding) {
        return !finding.allowed && finding.severity == severity;
      }));
}

size_t LintReport::Allowed() const {
  return static_cast<size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [](const lint::Finding& finding) { return finding.allowed; }));
}

LintReport Lint(const LintOptions& options, const project::Invocation& invocation) {
  LintReport report;
  report.fail_on = options.fail_on;
  Status done = Linter(options, invocation, report).Run();
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
