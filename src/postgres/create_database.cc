// SPDX-License-Identifier: Apache-2.0
#include "postgres/create_database.h"

#include <fmt/format.h>

#include "base/shell_word.h"
#include "base/sqlstate.h"
#include "sql/quote.h"

namespace ballast::postgres {
namespace {

// Databases that every server has; the first that accepts the role is used.
constexpr const char* kMaintenance[] = {"postgres", "template1"};

Result<Session> ConnectToServer(const Target& target, ConnectOptions connect, Progress& progress) {
  connect.until_created = false;
  Result<Session> session =
      ConnectWithRetry(target.WithDatabase(kMaintenance[0]), connect, progress);
  if (session.ok()) return session;
  const ErrorCode code = session.error().code;
  if (code != ErrorCode::kNoDatabase && code != ErrorCode::kAccessDenied) return session;
  return ConnectWithRetry(target.WithDatabase(kMaintenance[1]), connect, progress);
}

Error MayNotCreate(const Target& target) {
  return MakeError(ErrorCode::kAccessDenied,
                   fmt::format("database \"{}\" does not exist at {}, and role \"{}\" may not "
                               "create databases",
                               target.database(), target.Address(), target.user()),
                   fmt::format("create it (createdb {}), or ALTER ROLE {} CREATEDB",
                               ShellWord(target.database()), sql::QuoteIdentifier(target.user())));
}

}  // namespace

Result<bool> CreateDatabase(const Target& target, const ConnectOptions& connect,
                            Progress& progress) {
  TRY_ASSIGN(Session session, ConnectToServer(target, connect, progress));
  const Outcome outcome = session.Run("CREATE DATABASE " + sql::QuoteIdentifier(target.database()));
  if (outcome.ok()) return true;
  const ServerError& error = *outcome.error;
  // A unique violation: two processes create it at the same moment.
  if (error.sqlstate == sqlstate::kDuplicateDatabase ||
      error.sqlstate == sqlstate::kUniqueViolation) {
    return false;
  }
  if (error.sqlstate == sqlstate::kInsufficientPrivilege) return MayNotCreate(target);
  return MakeError(ErrorCode::kNoDatabase,
                   fmt::format("database \"{}\" does not exist at {} and cannot be created: {}",
                               target.database(), target.Address(), error.message),
                   "create it, then deploy again");
}

Result<Session> CreateIfMissing(Result<Session> connected, const Result<Target>& target,
                                const ConnectOptions& connect, Progress& progress,
                                std::vector<std::string>* notices) {
  const bool missing = !connected.ok() && connected.error().code == ErrorCode::kNoDatabase;
  if (!missing || !target.ok()) return connected;
  TRY_ASSIGN(const bool created, CreateDatabase(*target, connect, progress));
  if (created) {
    notices->push_back(
        fmt::format("created database \"{}\" at {}", target->database(), target->Address()));
  }
  return ConnectWithRetry(*target, connect, progress);
}

Result<plan::Observation> ObserveMissing(const Target& target, const ConnectOptions& connect,
                                         ObserveOptions observe, Progress& progress) {
  TRY_ASSIGN(Session session, ConnectToServer(target, connect, progress));
  TRY_ASSIGN(const std::vector<Rows> role,
             session.Query("SELECT rolcreatedb OR rolsuper FROM pg_catalog.pg_roles "
                           "WHERE rolname = current_user"));
  if (role.back().rows.empty() || !IsTrue(role.back().rows[0][0])) return MayNotCreate(target);
  observe.lock = false;
  TRY_ASSIGN(const plan::Observation server, Observe(session, observe, progress));
  plan::Observation created;
  created.server = server.server;
  created.server.database = target.database();
  created.server.can_create_schema = true;  // it will be the owner
  created.server.can_create_in_schema = true;
  created.server.missing_privileges.clear();
  created.schema = target.SchemaOrPublic();
  created.schema_exists = created.schema == "public";
  return created;
}

std::string DescribeMissing(const Target& target) {
  return fmt::format("database \"{}\" does not exist at {}; a deploy creates it", target.database(),
                     target.Address());
}

}  // namespace ballast::postgres
