// SPDX-License-Identifier: Apache-2.0
#include "apply/replay_failure.h"

#include <fmt/format.h>

#include <algorithm>

#include "apply/cut_off.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "sql/features.h"
#include "sql/foreign_text.h"
#include "sql/secrets.h"
#include "sql/separate_statements.h"
#include "sql/split.h"

namespace ballast::apply {
namespace {

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The text between the first pair of double quotes.
std::string Quoted(std::string_view message) {
  const size_t open = message.find('"');
  const size_t close = message.find('"', open + 1);
  if (open == std::string_view::npos || close == std::string_view::npos) return {};
  return std::string(message.substr(open + 1, close - open - 1));
}

std::string SyntaxHint() {
  return "fix the script; if this is syntax of a newer PostgreSQL, replay on that version: name "
         "its programs with BALLAST_POSTGRES_BIN or a server with --scratch-url";
}

// For errors that only the text of the statement explains.
std::string NewerFeatureHint(const FailedScript& failed, const std::string& statement) {
  std::vector<sql::Feature> features = sql::FeaturesOf(statement);
  for (const sql::Feature& function : sql::FunctionsOfDefinition(statement)) {
    features.push_back(function);
  }
  for (const sql::Feature& feature : features) {
    if (feature.since <= failed.server_major) continue;
    return fmt::format(
        "PostgreSQL has {} since {} and this server is {}: replay on a newer one; name its "
        "programs with BALLAST_POSTGRES_BIN or a server with --scratch-url",
        feature.name, feature.since, failed.server_major);
  }
  return {};
}

// Server messages for files and programs that the sandbox forbids (scratch/sandbox.h).
bool IsOfSandbox(std::string_view message) {
  if (message.starts_with("could not execute command")) return true;
  return message.ends_with(": Operation not permitted") || message.ends_with(": Permission denied");
}

std::string PrivilegeHint() {
  return "the migrations need a privilege that the scratch role lacks; omit --scratch-url "
         "(ballast's "
         "own server grants every privilege) or use a role that has it";
}

// 'extension "x" is not available'; before 15: 'could not open extension control file
// "/…/x.control"'.
std::string MissingExtension(const postgres::ServerError& said) {
  const bool named = Contains(said.message, "is not available");
  if (!Contains(said.message, "extension") || !(named || Contains(said.message, "control file"))) {
    return {};
  }
  std::string name = Quoted(said.message);
  name = name.substr(name.rfind('/') + 1);
  return name.substr(0, name.find(".control"));
}

// For a statement that cannot run inside of a transaction block.
std::string BlockHint(const FailedScript& failed, const postgres::ServerError& said,
                      const ReplayOptions& options) {
  if (sql::RefusedInOwnTransaction(failed.script)) {
    return "remove BEGIN and COMMIT around the statement";
  }
  if (options.mode != ReplayMode::kBatch) return said.hint;
  return "before Prisma 7.4 such a statement must be the only one of its file; if this project "
         "uses a later one, omit --replay-mode batch";
}

// Undefined table, object or function, and no schema to create in.
bool IsOfEmptyPath(std::string_view sqlstate) {
  return sqlstate == sqlstate::kUndefinedTable || sqlstate == sqlstate::kUndefinedObject ||
         sqlstate == sqlstate::kUndefinedFunction || sqlstate == sqlstate::kInvalidSchemaName;
}

std::string HintFor(const FailedScript& failed, const postgres::ServerError& said,
                    const ReplayOptions& options) {
  if (const std::string extension = MissingExtension(said); !extension.empty()) {
    return fmt::format(
        "the scratch server lacks the extension \"{}\": install its package, or name "
        "a server that has it with --scratch-url",
        extension);
  }
  if (IsOfSandbox(said.message)) {
    return "a scratch server cannot start programs or use files outside its folder "
           "(SECURITY.md): change the migration";
  }
  if (said.sqlstate == sqlstate::kUndefinedObject && said.message.starts_with("role \"")) {
    return fmt::format(
        "if a platform provides that role, name it in ballast.toml: platform = \"supabase\"; "
        "otherwise create it (CREATE ROLE \"{}\") in the script that setup_script in ballast.toml "
        "names",
        Quoted(said.message));
  }
  if (said.sqlstate == sqlstate::kUnsafeNewEnumValueUsage && options.mode == ReplayMode::kBatch) {
    return "Prisma 7.4 and later run a file statement by statement, where this works: omit "
           "--replay-mode batch";
  }
  if (said.sqlstate == sqlstate::kActiveSqlTransaction) return BlockHint(failed, said, options);
  if (said.sqlstate == sqlstate::kInvalidTransactionTermination) {
    return "a procedure that commits must be called in a separate message: --replay-mode split";
  }
  if (said.sqlstate == sqlstate::kSyntaxError) return SyntaxHint();
  if (said.sqlstate == sqlstate::kDiskFull) {
    return "the disk of the scratch server is full: set BALLAST_SCRATCH_DIR to a folder with more "
           "space";
  }
  if (said.sqlstate == sqlstate::kInsufficientPrivilege) return PrivilegeHint();
  if (!failed.path_emptied_by.empty() && IsOfEmptyPath(said.sqlstate)) {
    return fmt::format(
        "search_path is empty: migration \"{}\" set it to '', as pg_dump output does "
        "(set_config('search_path', '', false)): remove that line",
        failed.path_emptied_by);
  }
  if (!failed.made_read_only_by.empty() && said.sqlstate == sqlstate::kReadOnlySqlTransaction) {
    return fmt::format(
        "migration \"{}\" makes the session read-only: end it with RESET "
        "default_transaction_read_only, or remove the SET",
        failed.made_read_only_by);
  }
  if (said.sqlstate == sqlstate::kInvalidSchemaName) {
    return "if a platform provides that schema, name it in ballast.toml: platform = \"supabase\", "
           "or the path of a script that creates it; otherwise an earlier migration is missing or "
           "sorts after this one";
  }
  if (said.sqlstate == sqlstate::kUndefinedTable || said.sqlstate == sqlstate::kUndefinedColumn) {
    return "an earlier migration is missing or sorts after this one, or the object is created "
           "outside of the migrations: then create it in the script that setup_script in "
           "ballast.toml names";
  }
  return said.hint;
}

// The position in the server's error, else the statement that was not completed.
size_t FailedOffset(const FailedScript& failed, const postgres::ServerError& said) {
  const std::string_view sent = std::string_view(failed.script).substr(failed.sent_offset);
  if (said.position > 0) {
    // What is cut off is found after the last line.
    return failed.sent_offset + std::min(ByteOffset(sent, said.position), TrimRight(sent).size());
  }
  const auto pieces = sql::SplitScript(sent);
  if (failed.completed >= pieces.size()) return failed.sent_offset;
  return failed.sent_offset + pieces[failed.completed].offset;
}

std::string StatementAt(std::string_view script, size_t offset) {
  constexpr size_t kEnough = 400;
  std::string_view found;
  for (const sql::StatementText& statement : sql::SplitScript(script)) {
    if (statement.offset <= offset) found = statement.text;
  }
  const std::string covered = sql::WithoutSecrets(std::string(found), sql::SecretsIn(script));
  return DecodeUtf8Lossy(CutToBytes(covered, kEnough));
}

}  // namespace

Error ExplainFailure(const FailedScript& failed, const postgres::ServerError& said,
                     const ReplayOptions& options) {
  const std::string what = failed.migration.empty()
                               ? std::string("the setup script")
                               : fmt::format("migration \"{}\"", failed.migration);
  if (said.connection_lost) {
    return MakeError(ErrorCode::kConnectionLost,
                     fmt::format("the connection broke during {}: {}", what, said.message),
                     "check the server's log", {failed.file, 0});
  }
  const size_t offset = FailedOffset(failed, said);
  const std::string statement = StatementAt(failed.script, offset);
  std::string hint = NewerFeatureHint(failed, statement);
  if (hint.empty() && sqlstate::IsSyntaxErrorOrAccessRuleViolation(said.sqlstate)) {
    hint = sql::ForeignTextHint(failed.script, offset);
  }
  if (hint.empty()) hint = HintFor(failed, said, options);
  const std::string cut_off = CutOffText(failed.script, said.message);
  if (!cut_off.empty()) hint = "complete the script";
  const bool syntax = said.sqlstate == sqlstate::kSyntaxError;
  Error error = MakeError(
      syntax ? ErrorCode::kMigrationFailed : ErrorCode::kReplayFailed,
      fmt::format("{} does not replay: {}", what, cut_off.empty() ? said.message : cut_off),
      std::move(hint), {failed.file, LineAt(failed.script, offset)});
  error.details = {{"migration", failed.migration}, {"statement", statement}};
  postgres::AddDetails(said, error);
  if (!said.hint.empty()) error.details.emplace_back("server_hint", said.hint);
  return error;
}

}  // namespace ballast::apply
