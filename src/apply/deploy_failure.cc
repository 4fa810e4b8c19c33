// SPDX-License-Identifier: Apache-2.0
#include "apply/deploy_failure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apply/cut_off.h"
#include "base/shell_word.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "plan/failed_migrations.h"
#include "plan/retry.h"
#include "postgres/deployment_lock.h"
#include "postgres/migrations_table.h"
#include "sql/classify.h"
#include "sql/quote.h"
#include "sql/split.h"

namespace ballast::apply {
namespace {

// A rule ON INSERT DO INSTEAD refuses RETURNING (feature_not_supported).
bool IsRefusedByRule(const postgres::ServerError& error) {
  return error.sqlstate == sqlstate::kFeatureNotSupported &&
         error.message.find("RETURNING") != std::string::npos &&
         error.message.find("\"_prisma_migrations\"") != std::string::npos;
}

// The transaction of the rows checks it before it does anything.
Error LockLost() {
  Error made = MakeError(ErrorCode::kPartiallyApplied,
                         "a script has released the deployment lock (DISCARD ALL, "
                         "pg_advisory_unlock_all)",
                         "run the command again: it continues from here");
  made.details.emplace_back(plan::kLockLost, "yes");
  return made;
}

Error OwnError(const postgres::ServerError& error) {
  if (postgres::IsLockLost(error.message)) return LockLost();
  if (!postgres::IsNotRecorded(error.message) && !IsRefusedByRule(error)) {
    return postgres::ErrorOf(error, "a step of the deployment");
  }
  Error made = MakeError(ErrorCode::kNotRecorded,
                         "a row written to _prisma_migrations is missing from the table or was "
                         "changed; the transaction was rolled back",
                         "look for a trigger or rule on _prisma_migrations and remove it; a "
                         "migration must not change the rows of that table");
  postgres::AddDetails(error, made);
  return made;
}

}  // namespace

std::vector<std::string> DependentsIn(const std::string& detail) {
  constexpr std::string_view kDepends = " depends on ";
  constexpr std::string_view kRule = "rule _RETURN on ";
  std::vector<std::string> names;
  for (const std::string& line : Split(detail, '\n')) {
    const size_t end = line.find(kDepends);
    if (end == std::string::npos) continue;
    std::string name = line.substr(0, end);
    if (name.starts_with(kRule)) name = name.substr(kRule.size());
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::string LogsOf(const postgres::ServerError& error) {
  return fmt::format("{}: {} (SQLSTATE {})", error.severity, error.message, error.sqlstate);
}

namespace {

// A session of its own has the path of its role again.
constexpr char kEmptyPath[] =
    "search_path is empty: an earlier migration set it to '', as pg_dump output does "
    "(set_config('search_path', '', false)): deploy again, which begins with a new session, and "
    "remove that line";

// "citext" in: permission denied to create extension "citext".
std::string QuotedWordIn(const std::string& message) {
  const size_t begin = message.find('"');
  const size_t end = message.rfind('"');
  return begin == std::string::npos || end == begin ? std::string()
                                                    : message.substr(begin, end - begin + 1);
}

// For errors that the script does not cause (PostgreSQL manual, appendix A); else empty.
std::string RemedyOf(const postgres::ServerError& error) {
  const auto says = [&](std::string_view words) {
    return error.message.find(words) != std::string::npos;
  };
  if (error.sqlstate == sqlstate::kQueryCanceled && says("statement timeout")) {
    return "the role, the database or the server limits the time of a statement; raise the limit: "
           "ballast deploy --statement-timeout 10min";
  }
  if (error.sqlstate == sqlstate::kInsufficientPrivilege && says("create extension")) {
    return fmt::format("have an admin run: CREATE EXTENSION {}; then deploy again",
                       QuotedWordIn(error.message));
  }
  if (error.sqlstate == sqlstate::kInsufficientPrivilege && says("must be owner of")) {
    return fmt::format(
        "deploy as the owner of {}, or have an admin make the role that deploys its owner (ALTER … "
        "OWNER TO)",
        error.message.substr(error.message.find("owner of ") + 9));
  }
  if (error.sqlstate == sqlstate::kInsufficientPrivilege) {
    return "have an admin GRANT that privilege to the role that deploys; then deploy again";
  }
  const bool lacks_escaped = error.sqlstate == sqlstate::kFeatureNotSupported &&
                             says("conversion between UTF8 and ");  // of U&'\\00e9'
  if (error.sqlstate == sqlstate::kUntranslatableCharacter || lacks_escaped) {
    return "the encoding of the database lacks this character: create the database with ENCODING "
           "'UTF8', or write the script without it";
  }
  if (error.sqlstate == sqlstate::kQueryCanceled && says("COPY from stdin failed")) {
    return "only psql sends rows for COPY … FROM stdin: write them as INSERT statements (pg_dump "
           "--inserts), then deploy again";
  }
  if (error.sqlstate == sqlstate::kInvalidSchemaName && says("no schema has been selected"))
    return kEmptyPath;
  return {};
}

// For a partition or a column of others that a statement conflicts with; else empty. The messages
// (PostgreSQL partbounds.c, tablecmds.c) name it, the details do not.
std::string ConflictRemedy(const postgres::ServerError& error) {
  const std::string_view message = error.message;
  constexpr std::string_view kOverlaps = " would overlap partition ";
  constexpr std::string_view kColumn = " because column ";
  constexpr std::string_view kRowType = " uses its row type";
  const size_t overlap = message.find(kOverlaps);
  if (error.sqlstate == sqlstate::kInvalidObjectDefinition && overlap != message.npos) {
    return fmt::format(
        "partition {0} has these values already: detach it (ALTER TABLE … DETACH PARTITION), "
        "deploy again, and move its rows; if {0} belongs to the project, let a migration create it",
        message.substr(overlap + kOverlaps.size()));
  }
  const size_t column = message.find(kColumn);
  if (error.sqlstate == sqlstate::kFeatureNotSupported && column != message.npos &&
      message.ends_with(kRowType)) {
    const size_t begin = column + kColumn.size();
    return fmt::format(
        "give column {} another type, for example jsonb, or drop it; then deploy again",
        message.substr(begin, message.size() - kRowType.size() - begin));
  }
  return {};
}

// The server's own hint (DROP … CASCADE) would drop what others have made.
std::string DependentsRemedy(const postgres::ServerError& error) {
  const std::vector<std::string> names = DependentsIn(error.detail);
  if (names.empty()) return {};
  return fmt::format(
      "{0} {1} on it: drop {2}, deploy again, and create {2} again afterwards; if {3} to the "
      "project, let the migration do that",
      JoinSome(names), names.size() == 1 ? "depends" : "depend", names.size() == 1 ? "it" : "them",
      names.size() == 1 ? "it belongs" : "they belong");
}

// 'cannot alter type "d" because column "t.c" uses it': the server follows a domain or a row type
// into columns, but not into arrays of it.
std::string TypeUserRemedy(const postgres::ServerError& error) {
  constexpr std::string_view kBecause = " because column \"";
  const size_t at = error.message.find(kBecause);
  if (at == std::string::npos) return {};
  const size_t begin = at + kBecause.size();
  const size_t end = error.message.find('"', begin);
  if (end == std::string::npos) return {};
  return fmt::format(
      "column {} is in the way: drop it or give it another type, then deploy again; if it belongs "
      "to the project, let the migration do that",
      error.message.substr(begin, end - begin));
}

std::string HintOf(const postgres::ServerError& error, const std::string& migration = {},
                   const std::string& text_hint = {}) {
  std::string remedy = RemedyOf(error);
  if (remedy.empty()) remedy = DependentsRemedy(error);
  if (remedy.empty()) remedy = TypeUserRemedy(error);
  if (remedy.empty()) remedy = ConflictRemedy(error);
  if (!remedy.empty()) return remedy;
  const bool in_block = error.sqlstate == sqlstate::kActiveSqlTransaction;
  if (!text_hint.empty() && (in_block || sqlstate::IsCausedByText(error.sqlstate)))
    return text_hint + ", then deploy again";
  if (plan::IsDuplicateObject(error.sqlstate) && !migration.empty()) {
    return fmt::format(
        "if the database has everything that the migration creates: ballast resolve --applied "
        "{}; otherwise drop or rename the existing object, then deploy again",
        ShellWord(migration));
  }
  // What an empty database does not have: rows that a constraint refuses.
  constexpr std::string_view kIntegrityViolation = "23";
  if (error.sqlstate.starts_with(kIntegrityViolation) && error.hint.empty()) {
    return std::string(kCorrectRows);
  }
  const bool cascades = error.hint.find("CASCADE") != std::string::npos;
  return error.hint.empty() || cascades ? std::string(kFixScript) : error.hint;
}

}  // namespace

Error ScriptError(const postgres::ServerError& error, const ErrorLocation& location,
                  std::string_view script) {
  if (location.script.empty()) return OwnError(error);
  postgres::ServerError said = error;
  if (location.at_end) {
    said.message = CutOffText(script);
  } else if (said.context.empty()) {  // otherwise it is about text that a function made
    said.message = MessageWithinScript(script, said.message);
  }
  Error made = MakeError(
      ErrorCode::kMigrationFailed,
      fmt::format("{} failed to apply: {}: {} (SQLSTATE {}); it was rolled back, nothing of it "
                  "remains",
                  location.script, said.severity, said.message, said.sqlstate),
      HintOf(error, location.script, location.hint), {location.script, location.line});
  made.details.emplace_back("migration", location.script);
  postgres::AddDetails(said, made);
  if (!location.statement_start.empty()) {
    made.details.emplace_back("line_text", location.statement_start);
  }
  return made;
}

postgres::ServerError WithCutOff(postgres::ServerError error, std::string_view script) {
  std::string cut_off = CutOffText(script, error.message);
  if (!cut_off.empty()) error.message = std::move(cut_off);
  return error;
}

Error EndOfTransactionError(const postgres::ServerError& error,
                            const std::vector<std::string>& scripts) {
  const bool own = postgres::IsNotRecorded(error.message) || postgres::IsLockLost(error.message);
  if (scripts.empty() || own) return OwnError(error);
  if (error.sqlstate == sqlstate::kInsufficientPrivilege) {
    Error made = OwnError(error);
    made.where = {scripts.size() == 1 ? scripts.front() : std::string(), 0};
    made.hint = fmt::format(
        "if {} switches to another role (SET ROLE, SET SESSION AUTHORIZATION), end it with RESET "
        "ROLE or RESET SESSION AUTHORIZATION; otherwise {}",
        JoinSome(scripts), made.hint);
    return made;
  }
  Error made = MakeError(
      ErrorCode::kMigrationFailed,
      fmt::format("{} failed to apply: {} at the end of the transaction; it was rolled back, "
                  "nothing of it remains",
                  JoinSome(scripts), LogsOf(error)),
      HintOf(error), {scripts.size() == 1 ? scripts.front() : std::string(), 0});
  made.details.emplace_back("migration", scripts.back());
  postgres::AddDetails(error, made);
  return made;
}

Error OutsideError(const postgres::ServerError& error, const ErrorLocation& location,
                   bool has_row) {
  Error made = ScriptError(error, location);
  made.partial = true;
  if (error.sqlstate != sqlstate::kSyntaxError) made.code = ErrorCode::kPartiallyApplied;
  made.message =
      fmt::format("{} failed outside a transaction: {}; {}part of it may have been applied",
                  location.script, LogsOf(error), has_row ? "its row is left as failed, " : "");
  if (!has_row) return made;
  if (error.sqlstate == sqlstate::kInvalidTransactionTermination) {
    made.hint = fmt::format(
        "a procedure that commits must be called in a separate message: ballast resolve "
        "--rolled-back {}, then: ballast deploy --replay-mode split",
        ShellWord(location.script));
    return made;
  }
  const bool in_block = error.sqlstate == sqlstate::kActiveSqlTransaction && !location.hint.empty();
  made.hint = fmt::format(
      "{1}see what was applied (ballast status), then: ballast resolve --rolled-back {0} or "
      "--applied {0}",
      ShellWord(location.script), in_block ? location.hint + "; " : "");
  return made;
}

void AddEmptyPathHint(postgres::Session& session, Error& error) {
  constexpr std::array<std::string_view, 3> kStates = {
      sqlstate::kUndefinedTable, sqlstate::kUndefinedObject, sqlstate::kUndefinedFunction};
  const bool asks =
      error.code == ErrorCode::kMigrationFailed &&
      std::find(kStates.begin(), kStates.end(), error.Detail("sqlstate")) != kStates.end();
  if (!asks) return;
  const auto path = session.QueryValue("SELECT pg_catalog.current_setting('search_path')");
  const bool empty = path && *path && ((*path)->empty() || **path == "\"\"");
  if (empty) error.hint = kEmptyPath;
}

void AddTriggerHint(postgres::Session& session, Error& error) {
  const std::string context = error.Detail("context");
  const bool asks = error.code == ErrorCode::kMigrationFailed && !context.empty();
  if (!asks) return;
  const auto found = session.Query(fmt::format(
      "SELECT DISTINCT t.name, t.function FROM (\n"
      "  SELECT 'event trigger ' || quote_ident(evtname), evtfoid::regprocedure::text\n"
      "    FROM pg_catalog.pg_event_trigger WHERE evtenabled <> 'D' UNION ALL\n"
      "  SELECT 'trigger ' || quote_ident(tgname) || ' on ' || tgrelid::regclass,\n"
      "    tgfoid::regprocedure::text FROM pg_catalog.pg_trigger WHERE NOT tgisinternal\n"
      ") AS t(name, function) WHERE position('function ' || t.function || ' ' IN {}) > 0",
      sql::QuoteLiteral(context)));
  if (!found || found->back().rows.empty()) return;
  std::vector<std::string> names;
  for (const auto& row : found->back().rows) names.push_back(row[0].value_or(""));
  error.hint = fmt::format(
      "{} of this database raised the error (function {}): change or disable {}, then deploy again",
      JoinSome(names), found->back().rows[0][1].value_or(""), names.size() == 1 ? "it" : "them");
}

namespace {

// The last script of the plan that has run and sets one of these parameters for the session.
std::string SetterOf(const plan::Plan& plan, const std::vector<std::string>& applied,
                     const std::vector<std::string_view>& parameters) {
  std::string setter;
  for (const plan::Step* step : plan::StepsOf(plan)) {
    const auto* run = std::get_if<plan::RunScript>(&step->act);
    if (run == nullptr) continue;
    const std::string& name = run->migration.name;
    if (std::find(applied.begin(), applied.end(), name) == applied.end()) continue;
    const std::string_view script = run->Script();
    const bool names =
        std::any_of(parameters.begin(), parameters.end(),
                    [&](std::string_view word) { return ContainsIgnoringAsciiCase(script, word); });
    if (names && sql::AnalyzeScript(script).session_state) setter = name;
  }
  return setter;
}

void NameTimeoutCause(const plan::Plan& plan, std::vector<std::string> applied, Error& error) {
  applied.push_back(error.Detail("migration"));
  const std::string cause = SetterOf(plan, applied, {"statement_timeout"});
  if (cause.empty()) return;
  error.hint = fmt::format(
      "{} limits the time of the statements that follow it in the session: end it with RESET "
      "statement_timeout, or raise the limit there, then deploy again",
      cause);
}

void NameReadOnlyCause(const plan::Plan& plan, const std::vector<std::string>& applied,
                       Error& error) {
  const std::string cause = SetterOf(plan, applied, {"transaction_read_only", "read only"});
  if (cause.empty()) return;
  error.message = fmt::format("{}: {} made the session read-only", error.message, cause);
  error.hint = fmt::format(
      "deploy again, which begins with a new session; and end {} with RESET "
      "default_transaction_read_only, or remove the SET",
      cause);
  error.where = {cause, 0};
}

bool IsStatementTimeout(const Error& error) {
  return error.Detail("sqlstate") == sqlstate::kQueryCanceled &&
         error.Detail("server_message").find("statement timeout") != std::string::npos;
}

}  // namespace

void NameTimeLimit(const std::string& remedy, Error& error) {
  if (!remedy.empty() && IsStatementTimeout(error)) error.hint = remedy;
}

void NameSessionCause(const plan::Plan& plan, const std::vector<std::string>& applied,
                      Error& error) {
  const bool is_read_only = error.Detail("sqlstate") == sqlstate::kReadOnlySqlTransaction;
  if (is_read_only) NameReadOnlyCause(plan, applied, error);
  if (IsStatementTimeout(error)) NameTimeoutCause(plan, applied, error);
}

void NameArchive(const plan::Plan& plan, Error& error) {
  const std::string script = error.Detail("migration");
  if (error.code != ErrorCode::kMigrationFailed || script.empty()) return;
  for (const plan::Step* step : plan::StepsOf(plan)) {
    const auto* deleted = std::get_if<plan::DeleteHistoryRows>(&step->act);
    if (deleted == nullptr || deleted->which != plan::ReplacedRows::kSquashed) continue;
    if (std::ranges::find(deleted->of_scripts, script) == deleted->of_scripts.end()) continue;
    if (error.hint == kFixScript) {
      error.hint =
          "a squash has replaced the script, so it stays as it is: change the rows or objects that "
          "make it fail, then deploy again";
    }
    error.hint = ReplaceAll(error.hint, ", or the script,", ",");
  }
}

Error Unconfirmed() {
  return MakeError(ErrorCode::kOutcomeUnknown, "the server did not confirm every COMMIT",
                   "check the state of the database: ballast status");
}

Error AfterApplied(Error error, const std::vector<std::string>& applied,
                   const std::string& script_noun) {
  if (error.code == ErrorCode::kDrift) error.code = ErrorCode::kVerifyAfterFailed;
  error.partial = true;
  if (applied.empty()) return error;
  error.message += fmt::format(" ({} applied before)", Counted(applied.size(), script_noun));
  error.details.emplace_back("applied", std::to_string(applied.size()));
  return error;
}

}  // namespace ballast::apply
