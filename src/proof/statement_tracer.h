// SPDX-License-Identifier: Apache-2.0
// Runs the statements of a migration one by one in a scratch database and reads their effects from
// the server: locks (pg_locks), rewrites (relfilenode), index builds, full table scans
// (pg_stat_xact_user_tables), and the catalog afterwards.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "lint/measurement.h"
#include "lint/script_transaction.h"
#include "postgres/session.h"
#include "proof/catalog_state.h"
#include "release/migration.h"
#include "scratch/scratch_server.h"
#include "sql/statement.h"

namespace ballast::proof {

class StatementTracer {
 public:
  // The database must contain the state before the first migration and have no other users.
  // `folder` is that of the migrations, for places in errors. `time_zone` is the TimeZone of the
  // session that the statements run in; empty, or unknown to the server: one that is not UTC, where
  // a change between timestamp and timestamptz rewrites the table. `schema` is its search_path.
  static Result<StatementTracer> Open(const scratch::ScratchDatabase& database,
                                      const std::string& folder, const std::string& time_zone = {},
                                      const std::string& schema = "public");

  // Runs each statement in its own transaction, also those of a transaction of the script, so that
  // its own locks are seen, unless that transaction cannot be divided (a savepoint, rows whose
  // checks are deferred). B300 if a statement fails; P3015 without a script.
  Result<lint::MigrationTrace> Trace(const release::Migration& migration);

  const lint::CatalogPointer& state() const { return state_.catalog; }

 private:
  using Locks = std::set<std::pair<sql::LockMode, lint::Oid>>;

  StatementTracer(postgres::Session session, postgres::Session blocker, postgres::Session watcher,
                  std::string folder)
      : session_(std::move(session)),
        blocker_(std::move(blocker)),
        watcher_(std::move(watcher)),
        folder_(std::move(folder)) {}

  bool InTransaction() const;
  void Begin();  // forgets what was measured in the transaction before
  Status TraceTransaction(const std::vector<sql::Statement>& statements,
                          const lint::ScriptTransaction& transaction, lint::MigrationTrace* trace);
  Result<lint::StatementTrace> TraceStatement(const sql::Statement& statement);
  Status RunInTransaction(const sql::Statement& statement, lint::StatementTrace* trace);
  // A statement that PostgreSQL refuses in a transaction block is blocked by another session's
  // lock, so that its locks can be read while it waits.
  Status RunOutside(const sql::Statement& statement, lint::StatementTrace* trace);
  Result<Locks> WatchWhileItRuns(const std::function<bool()>& is_done);
  Status WatchUntilItWaits(const std::function<bool()>& is_done, std::chrono::milliseconds at_least,
                           Locks* seen);
  Status Run(const sql::Statement& statement);
  Status Commit(const sql::Statement& last);
  Error Failure(const postgres::ServerError& error, size_t offset) const;
  Status ReadCounters();
  // The locks, without a query in the transaction.
  Status WatchLocks(lint::StatementTrace* trace);
  void AddLocks(const postgres::Rows& rows, lint::StatementTrace* trace);
  Status ReadAfter(lint::StatementTrace* trace);
  void CompareScans(const std::map<lint::Oid, long>& scans, lint::StatementTrace* trace);
  void Compare(DatabaseState after, lint::StatementTrace* trace);
  Status ReadDefinitions(lint::StatementTrace* trace);

  postgres::Session session_;
  postgres::Session blocker_;
  postgres::Session watcher_;
  std::string folder_;
  DatabaseState state_;
  const release::Migration* migration_ = nullptr;  // the current one
  std::string file_;                               // its file
  std::vector<const sql::Statement*> settings_;    // earlier ones of the transaction: SET LOCAL
  Locks held_;                                     // by earlier statements of the transaction
  std::map<lint::Oid, long> scans_;                // counted so far in the transaction
  bool counted_ = false;                           // a query of `scans_` has run in it
};

}  // namespace ballast::proof
