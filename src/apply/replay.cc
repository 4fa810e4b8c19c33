// SPDX-License-Identifier: Apache-2.0
#include "apply/replay.h"

#include <fmt/format.h>

#include <algorithm>

#include "apply/message.h"
#include "apply/named_schema.h"
#include "apply/replay_failure.h"
#include "apply/scratch_migrations_table.h"
#include "apply/setup_script.h"
#include "base/sha256.h"
#include "base/text.h"
#include "introspect/platform_objects.h"
#include "plan/plan_builder.h"
#include "plan/script_size.h"
#include "postgres/session_settings.h"
#include "release/platform_script.h"
#include "sql/classify.h"
#include "sql/quote.h"
#include "sql/split.h"

namespace ballast::apply {
namespace {

using postgres::Session;

// Queries for session state that differs from its initial value.
constexpr std::string_view kSessionState = R"(
SELECT name || ' = ' || quote_literal(setting) FROM pg_catalog.pg_settings
 WHERE source = 'session' AND name NOT LIKE 'transaction\_%'
UNION ALL SELECT 'role ' || current_user WHERE current_user <> session_user
UNION ALL SELECT 'temporary table ' || relname FROM pg_catalog.pg_class
 WHERE relnamespace = pg_catalog.pg_my_temp_schema() AND relkind IN ('r', 'p', 'v', 'S')
UNION ALL SELECT 'advisory lock ' || classid::text || '/' || objid::text FROM pg_catalog.pg_locks
 WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid()
UNION ALL SELECT 'prepared statement ' || name FROM pg_catalog.pg_prepared_statements
UNION ALL SELECT 'listening to ' || c FROM pg_catalog.pg_listening_channels() c
UNION ALL SELECT 'cursor ' || name FROM pg_catalog.pg_cursors WHERE is_holdable
ORDER BY 1)";

}  // namespace

Result<std::vector<std::string>> SessionState(Session& session) {
  const postgres::Outcome outcome = session.Run(kSessionState);  // Query sets client_encoding
  if (outcome.error) return postgres::ErrorOf(*outcome.error, "a query of ballast");
  std::vector<std::string> state;
  for (const auto& row : outcome.results.back().rows) state.push_back(row[0].value_or(""));
  return state;
}

namespace {

class Replayer {
 public:
  Replayer(Session& session, const ReplayOptions& options)
      : session_(session), options_(options), roles_(session, options.observer) {}

  Status RunSetup() {
    if (options_.setup.empty()) return {};
    TRY_ASSIGN(const std::vector<std::string> before, Roles());
    for (const release::PlatformPart& part : release::PartsOf(options_.setup)) {
      TRY(RunPlatformScript(part));
    }
    TRY_ASSIGN(const std::vector<std::string> after, Roles());
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                        std::back_inserter(report_.platform_roles));
    TRY_ASSIGN(report_.platform, introspect::MarkAsPlatform(session_));
    TRY_ASSIGN(left_, SessionState(session_));  // expected: not an effect of the migrations
    return {};
  }

  // Renames `public` to the schema that the migrations name, as the target schema, until they have
  // run.
  Status EnterSchema(const std::string& schema) {
    TRY(RenameSchema(session_, "public", schema));
    const std::string path = sql::QuoteIdentifier(schema);
    TRY(session_.Query("SET search_path = " + path));
    renew_settings_ = postgres::RenewSettingsSql({{"search_path", path}});
    TRY_ASSIGN(left_, SessionState(session_));
    return {};
  }

  Status RunMigration(const release::Migration& migration) {
    const std::string file = FileOf(migration);
    if (!migration.script) {
      return MakeError(ErrorCode::kMissingScript,
                       fmt::format("migration \"{}\" has no migration.sql", migration.name),
                       "restore the file from version control, or remove the folder", {file, 0});
    }
    if (!renew_settings_.empty()) TRY(session_.Query(renew_settings_));
    TRY(SeedRandom(migration));
    const sql::ScriptProperties properties = sql::AnalyzeScript(*migration.script);
    TRY_ASSIGN(const bool split,
               RunScript({.migration = migration.name, .file = file, .script = *migration.script},
                         properties, &migration));
    if (split) report_.split.push_back(migration.name);
    TRY(CheckClosed(fmt::format("migration \"{}\"", migration.name), file));
    if (properties.session_state) TRY(NoteLeaks(migration.name));
    if (NamesMigrationsTable(migration)) {
      report_.notices.push_back(
          fmt::format("migration \"{}\" names the table _prisma_migrations: what it changes there "
                      "is not in the baseline",
                      migration.name));
    }
    ++report_.migrations;
    return {};
  }

  Result<ReplayReport> Report() && {
    TRY(roles_.Finish(report_.roles, report_.unclear_roles));
    return std::move(report_);
  }

 private:
  std::string FileOf(const release::Migration& migration) const {
    const std::string file = migration.name + "/migration.sql";
    return options_.folder.empty() ? file : options_.folder + "/" + file;
  }

  // True from the first script on that can call random(), directly or in functions.
  Status SeedRandom(const release::Migration& migration) {
    if (options_.random_seed.empty()) return {};
    random_ = random_ || ContainsIgnoringAsciiCase(*migration.script, "random");
    if (!random_) return {};
    const std::string hash =
        Sha256Hex(options_.random_seed + "\n" + migration.name + "\n" + migration.checksum);
    constexpr size_t kDigits = 8;
    constexpr double kRange = 4294967296.0;
    const double seed =
        static_cast<double>(std::stoull(hash.substr(0, kDigits), nullptr, 16)) / kRange;
    TRY(session_.Query(fmt::format("SELECT pg_catalog.setseed({:.17f})", seed)));
    return {};
  }

  Status RunPlatformScript(const release::PlatformPart& part) {
    const std::string text(part.text);
    FailedScript script{.migration = "", .file = part.file, .script = text};
    const auto done = RunScript(script, sql::AnalyzeScript(text), nullptr);
    TRY(AcceptExistingRoles(done ? Status() : Status(done.error()), text,
                            [&](std::string_view statement, size_t offset) {
                              script.sent_offset = offset;
                              return Send(script, std::string(statement));
                            }));
    return CheckClosed("the setup script", part.file);
  }

  Result<std::vector<std::string>> Roles() {
    TRY_ASSIGN(const auto results,
               session_.Query("SELECT rolname FROM pg_roles ORDER BY rolname COLLATE \"C\""));
    std::vector<std::string> roles;
    for (const auto& row : results.back().rows) roles.push_back(row[0].value_or(""));
    return roles;
  }

  // Returns whether the script ran statement by statement. `migration` is for seeding random()
  // again; null for the setup script.
  Result<bool> RunScript(FailedScript script, const sql::ScriptProperties& properties,
                         const release::Migration* migration) {
    const bool is_auto = options_.mode == ReplayMode::kAuto;
    if (plan::RunsSplit(properties, options_.mode)) {
      if (is_auto) NoteSplit(script.migration, "a statement of it cannot run in a transaction");
      return SendStatements(script, migration != nullptr && roles_.Watches(script.script));
    }
    const bool watches = migration != nullptr && roles_.Watches(script.script);
    Status done = SendBatch(script, properties, watches);
    if (done) return false;
    if (!plan::RunsSplitAfter(done.error().Detail("sqlstate"), properties, options_.mode)) {
      return std::move(done).error();
    }
    if (session_.transaction_state() != postgres::TransactionState::kIdle) {
      TRY(session_.Query("ROLLBACK"));
    }
    NoteSplit(script.migration, done.error().Detail("server_message"));
    if (migration != nullptr) TRY(SeedRandom(*migration));
    script.completed = 0;
    return SendStatements(script, watches);
  }

  void NoteSplit(const std::string& migration, std::string_view because) {
    if (migration.empty()) return;
    report_.notices.push_back(
        fmt::format("migration \"{}\" runs statement by statement, as Prisma does since 7.4: {}",
                    migration, because));
  }

  Result<bool> SendStatements(FailedScript& script, bool watches) {
    size_t statements = 0;
    for (sql::StatementIterator walk(script.script); walk.Next(); ++statements) {
      const std::string_view text = walk.statement().text;
      script.sent_offset = walk.statement().offset;
      TRY(watches ? SendWatchedStatement(script, text) : Send(script, std::string(text)));
    }
    return statements > 1;
  }

  static bool RunsInTransaction(const sql::ScriptProperties& properties) {
    return !properties.outside_transaction && !properties.transaction_control;
  }

  Status SendWatchedStatement(FailedScript& script, std::string_view text) {
    const sql::ScriptProperties properties = sql::AnalyzeScript(text);
    if (session_.transaction_state() == postgres::TransactionState::kInTransaction) {
      if (properties.transaction_control) TRY(roles_.InTransaction());
      return Send(script, std::string(text));
    }
    if (!roles_.Watches(text)) return Send(script, std::string(text));
    if (RunsInTransaction(properties)) return SendTogether(script, {text}, true);
    return SendUnseen(script, text);
  }

  Status SendUnseen(FailedScript& script, std::string_view text) {
    TRY(roles_.BeginUnseen());
    TRY(Send(script, std::string(text)));
    return roles_.EndUnseen(script.migration, text);
  }

  // One message, or several in one transaction, which is equivalent.
  Status SendBatch(FailedScript& script, const sql::ScriptProperties& properties, bool watches) {
    const bool may_be_cut = properties.SharesTransaction();
    std::vector<std::string_view> parts = PartsOf(script.script, SplitPolicy::kBetweenStatements);
    if (parts.size() > 1) TRY(plan::CheckSize(script.migration, script.script, may_be_cut));
    if (parts.size() > 1 && may_be_cut) return SendTogether(script, parts, watches);
    if (!watches) return Send(script, script.script);
    if (RunsInTransaction(properties)) return SendTogether(script, {script.script}, true);
    if (!properties.paired_transactions) return SendUnseen(script, script.script);
    TRY(SendStatements(script, true));  // the same transactions
    return {};
  }

  Status SendTogether(FailedScript& script, const std::vector<std::string_view>& parts,
                      bool watches) {
    TRY(Send(script, "BEGIN"));
    for (const std::string_view part : parts) {
      script.sent_offset = static_cast<size_t>(part.data() - script.script.data());
      TRY(Send(script, std::string(part)));
    }
    if (watches) TRY(roles_.InTransaction());
    return Send(script, "COMMIT");
  }

  Status Send(FailedScript& script, const std::string& text) {
    const postgres::Outcome outcome = session_.RunScript(text);
    session_.TakeNotices();
    if (outcome.ok()) return {};
    script.completed = outcome.completed;
    script.server_major = session_.server_major();
    script.path_emptied_by = PathEmptiedBy();
    script.made_read_only_by = MadeReadOnlyBy();
    return ExplainFailure(script, *outcome.error, options_);
  }

  // The migration that left an empty search_path; empty where it is not empty.
  std::string PathEmptiedBy() const {
    const auto empties = [](const std::string& state) {
      return state == "search_path = ''" || state == "search_path = '\"\"'";
    };
    if (std::none_of(left_.begin(), left_.end(), empties)) return {};
    for (auto leak = report_.leaks.rbegin(); leak != report_.leaks.rend(); ++leak) {
      if (std::any_of(leak->what.begin(), leak->what.end(), empties)) return leak->migration;
    }
    return {};
  }

  // The migration that made the session read-only; empty where it is not.
  std::string MadeReadOnlyBy() const {
    const std::string read_only = "default_transaction_read_only = 'on'";
    if (std::find(left_.begin(), left_.end(), read_only) == left_.end()) return {};
    for (auto leak = report_.leaks.rbegin(); leak != report_.leaks.rend(); ++leak) {
      const std::vector<std::string>& what = leak->what;
      if (std::find(what.begin(), what.end(), read_only) != what.end()) return leak->migration;
    }
    return {};
  }

  Status CheckClosed(const std::string& what, const std::string& file) {
    if (session_.transaction_state() == postgres::TransactionState::kIdle) return {};
    return MakeError(ErrorCode::kOpenTransaction,
                     fmt::format("{} leaves its transaction open: a BEGIN has no COMMIT", what),
                     "add the COMMIT; as it is, Prisma loses this migration and all later ones of "
                     "the same run",
                     {file, 0});
  }

  Status NoteLeaks(const std::string& migration) {
    TRY_ASSIGN(std::vector<std::string> now, SessionState(session_));
    std::vector<std::string> added;
    std::set_difference(now.begin(), now.end(), left_.begin(), left_.end(),
                        std::back_inserter(added));
    left_ = std::move(now);
    if (added.empty()) return {};
    report_.notices.push_back(
        fmt::format("migration \"{}\" changes the session for later migrations: {}", migration,
                    Join(added, ", ")));
    report_.leaks.push_back({migration, std::move(added)});
    return {};
  }

  Session& session_;
  const ReplayOptions& options_;
  RoleWatch roles_;
  std::vector<std::string> left_;  // sorted
  bool random_ = false;            // random() can be called from here on
  std::string renew_settings_;     // SQL before each migration
  ReplayReport report_;
};

}  // namespace

Result<ReplayReport> Replay(Session& session, const std::vector<release::Migration>& migrations,
                            const ReplayOptions& options, Progress& progress) {
  Replayer replayer(session, options);
  progress.Stage("replaying " + Counted(migrations.size(), "migration"), migrations.size());
  TRY(replayer.RunSetup());
  const std::string schema = options.schema.empty()
                                 ? NamedSchemaOf(migrations, options.setup).value_or("public")
                                 : options.schema;
  if (schema != "public") TRY(replayer.EnterSchema(schema));
  bool has_table = false;  // of Prisma, created here
  if (AnyNamesMigrationsTable(migrations)) {
    TRY_ASSIGN(has_table, CreateScratchMigrationsTable(session, schema));
  }
  size_t done = 0;
  for (const release::Migration& migration : migrations) {
    TRY(replayer.RunMigration(migration));
    if (options.after) TRY(options.after(migration));
    progress.Step(++done, migration.name);
  }
  if (has_table) TRY(DropScratchMigrationsTable(session, schema));
  if (schema != "public") TRY(RenameSchema(session, schema, "public"));
  return std::move(replayer).Report();
}

}  // namespace ballast::apply
