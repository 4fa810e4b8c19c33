// SPDX-License-Identifier: Apache-2.0
#include "proof/statement_tracer.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

#include "apply/replay_failure.h"
#include "base/text.h"
#include "sql/classify.h"
#include "sql/lexer.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

using postgres::Rows;

constexpr const char* kLocks = R"(
SELECT l.mode, l.relation FROM pg_catalog.pg_locks l
  LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
 WHERE l.locktype = 'relation' AND l.relation >= 16384 AND l.pid = {}
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d
                      WHERE d.datname = pg_catalog.current_database())
 ORDER BY c.relname COLLATE "C", l.relation, l.mode;
)";
constexpr const char* kWaits =
    "SELECT count(*) FROM pg_catalog.pg_locks WHERE NOT granted AND pid = {};";
constexpr const char* kScans =
    "SELECT relid, seq_scan FROM pg_catalog.pg_stat_xact_user_tables WHERE seq_scan > 0;";

// Of a row of kLocks.
std::pair<sql::LockMode, lint::Oid> ModeAndRelation(const std::vector<postgres::Value>& row) {
  return {sql::LockModeOfPgLocks(row[0].value_or("")), OidOf(row[1])};
}

std::map<lint::Oid, long> ParseScans(const Rows& rows) {
  std::map<lint::Oid, long> scans;
  for (const auto& row : rows.rows) scans[OidOf(row[0])] = std::atol(row[1].value_or("0").c_str());
  return scans;
}

// The statement of an index without its beginning, which names the table with its schema of the
// scratch database (ruleutils.c, pg_get_indexdef_worker); its keys without INCLUDE, and the
// predicate of a partial one.
constexpr const char* kIndexTexts = R"(
SELECT pg_catalog.substr(pg_catalog.pg_get_indexdef(i.indexrelid),
         pg_catalog.length(pg_catalog.format('CREATE %sINDEX %I ON %s%I.%I ',
           CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, x.relname,
           CASE WHEN x.relkind = 'I' THEN 'ONLY ' ELSE '' END, n.nspname, t.relname)) + 1),
       (SELECT pg_catalog.string_agg(pg_catalog.pg_get_indexdef(i.indexrelid, k, true), ', ' ORDER BY k)
          FROM pg_catalog.generate_series(1, i.indnkeyatts::integer) k),
       pg_catalog.pg_get_expr(i.indpred, i.indrelid, true)
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
 WHERE i.indexrelid = {}::oid
)";

// Whether the statement leaves the catalog unchanged.
bool KeepsCatalog(sql::StatementKind kind) {
  switch (kind) {
    case sql::StatementKind::kInsert:
    case sql::StatementKind::kUpdate:
    case sql::StatementKind::kDelete:
    case sql::StatementKind::kMerge:
    case sql::StatementKind::kCopy:
    case sql::StatementKind::kSet:
      return true;
    default:
      return false;
  }
}

// Constraints and triggers that are checked when the transaction ends.
constexpr const char* kDefers =
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tginitdeferred)";

// Whether the statement can come before a SET TRANSACTION, which PostgreSQL refuses after a query
// (utility.c, PlannedStmtRequiresSnapshot).
bool NeedsNoSnapshot(const sql::Statement& statement) {
  const std::vector<sql::Token> tokens = sql::Tokenize(statement.text);
  const sql::TokenReader reader(statement.text, tokens);
  return statement.kind == sql::StatementKind::kSet || reader.Is("lock") || reader.Is("show");
}

}  // namespace

Result<StatementTracer> StatementTracer::Open(const scratch::ScratchDatabase& database,
                                              const std::string& folder,
                                              const std::string& time_zone,
                                              const std::string& schema) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY_ASSIGN(postgres::Session blocker, database.Connect());
  TRY_ASSIGN(postgres::Session watcher, database.Connect());
  StatementTracer tracer(std::move(session), std::move(blocker), std::move(watcher), folder);
  // Needs a superuser; otherwise the server's default applies, which is usually on.
  tracer.session_.Run("SET track_counts = on");
  TRY(tracer.session_.Query("SET TimeZone = '<+01>-01'"));
  if (!time_zone.empty()) tracer.session_.Run("SET TimeZone = " + sql::QuoteLiteral(time_zone));
  if (schema != "public") {
    TRY(tracer.session_.Query("SET search_path = " + sql::QuoteIdentifier(schema)));
  }
  TRY_ASSIGN(tracer.state_, ReadDatabaseState(tracer.session_));
  return tracer;
}

bool StatementTracer::InTransaction() const {
  return session_.transaction_state() == postgres::TransactionState::kInTransaction;
}

Result<lint::MigrationTrace> StatementTracer::Trace(const release::Migration& migration) {
  lint::MigrationTrace trace;
  migration_ = &migration;
  file_ = (folder_.empty() ? "" : folder_ + "/") + migration.name + "/migration.sql";
  if (!migration.script) {
    return MakeError(ErrorCode::kMissingScript,
                     fmt::format("migration \"{}\" has no migration.sql", migration.name),
                     "restore the file from version control, or remove the folder", {file_, 0});
  }
  trace.name = migration.name;
  trace.file = file_;
  trace.script = migration.script;
  trace.before = state_.catalog;
  const std::vector<sql::Statement> statements = sql::ReadScript(*migration.script);
  const sql::ScriptProperties properties = sql::AnalyzeScript(*migration.script);
  bool defers = false;
  // A script that uses a value which it adds to an enum cannot run in one transaction.
  if (properties.writes_rows && !properties.uses_own_value) {
    TRY_ASSIGN(const postgres::Value found, session_.QueryValue(kDefers));
    defers = postgres::IsTrue(found);
  }
  for (lint::ScriptTransaction& transaction : lint::TransactionsOf(statements, properties)) {
    const bool is_one = transaction.first == transaction.last;
    transaction.divisible = transaction.divisible && (is_one || !defers);
    TRY(TraceTransaction(statements, transaction, &trace));
  }
  session_.TakeNotices();
  if (session_.transaction_state() != postgres::TransactionState::kIdle) {
    return MakeError(ErrorCode::kOpenTransaction,
                     fmt::format("migration \"{}\" leaves its transaction open: a BEGIN has no "
                                 "COMMIT",
                                 migration.name),
                     "add the COMMIT", {file_, 0});
  }
  Begin();
  trace.after = state_.catalog;
  return trace;
}

void StatementTracer::Begin() {
  held_.clear();
  scans_.clear();
  counted_ = false;
}

Status StatementTracer::TraceTransaction(const std::vector<sql::Statement>& statements,
                                         const lint::ScriptTransaction& transaction,
                                         lint::MigrationTrace* trace) {
  const bool shared = !transaction.divisible && !transaction.is_explicit;
  if (shared) {
    Begin();
    TRY(session_.Query("BEGIN"));
  }
  settings_.clear();
  for (size_t at = transaction.first; at <= transaction.last; ++at) {
    const sql::Statement& statement = statements[at];
    const bool ends = transaction.is_explicit && transaction.divisible &&
                      statement.kind == sql::StatementKind::kTransaction;
    lint::StatementTrace traced;
    if (ends) {
      traced.statement = statement;
      traced.before = traced.after = state_.catalog;
    } else {
      TRY_ASSIGN(traced, TraceStatement(statement));
    }
    traced.transaction = transaction.first;
    trace->statements.push_back(std::move(traced));
    if (transaction.divisible && statement.local_state) settings_.push_back(&statement);
  }
  settings_.clear();
  if (shared) TRY(Commit(statements[transaction.last]));
  return {};
}

Status StatementTracer::Commit(const sql::Statement& last) {
  const postgres::Outcome committed = session_.Run("COMMIT");
  if (committed.ok()) return {};
  return Failure(*committed.error, last.offset);
}

Result<lint::StatementTrace> StatementTracer::TraceStatement(const sql::Statement& statement) {
  lint::StatementTrace trace;
  trace.statement = statement;
  trace.before = state_.catalog;
  const bool begins = statement.transaction == sql::TransactionAct::kBegin ||
                      statement.transaction == sql::TransactionAct::kCommitAndChain;
  if (statement.runs_outside_transaction) {
    TRY(RunOutside(statement, &trace));
  } else if (begins || (statement.transaction_control && !InTransaction())) {
    TRY(Run(statement));
    Begin();
    if (!begins) {  // a query could come before a SET TRANSACTION
      TRY_ASSIGN(DatabaseState after, ReadDatabaseState(session_));
      Compare(std::move(after), &trace);
    }
  } else {
    TRY(RunInTransaction(statement, &trace));
  }
  TRY(ReadDefinitions(&trace));
  trace.after = state_.catalog;
  return trace;
}

Status StatementTracer::RunInTransaction(const sql::Statement& statement,
                                         lint::StatementTrace* trace) {
  const bool own = !InTransaction();
  if (own) {
    Begin();
    TRY(session_.Query("BEGIN"));
    for (const sql::Statement* setting : settings_) TRY(Run(*setting));
  }
  const bool unseen = !counted_ && NeedsNoSnapshot(statement);
  if (!unseen && !counted_) TRY(ReadCounters());
  TRY(Run(statement));
  TRY(unseen ? WatchLocks(trace) : ReadAfter(trace));
  if (own) TRY(Commit(statement));
  return {};
}

Status StatementTracer::Run(const sql::Statement& statement) {
  const postgres::Outcome outcome = session_.RunScript(std::string(statement.text));
  session_.TakeNotices();
  if (outcome.ok()) return {};
  return Failure(*outcome.error, statement.offset);
}

Error StatementTracer::Failure(const postgres::ServerError& error, size_t offset) const {
  const apply::FailedScript failed{migration_->name, file_, *migration_->script,
                                   offset,           0,     session_.server_major()};
  apply::ReplayOptions options;
  options.folder = folder_;
  return apply::ExplainFailure(failed, error, options);
}

Status StatementTracer::ReadCounters() {
  TRY_ASSIGN(const std::vector<Rows> results, session_.Query(kScans));
  scans_ = ParseScans(results.back());
  counted_ = true;
  return {};
}

Status StatementTracer::WatchLocks(lint::StatementTrace* trace) {
  TRY_ASSIGN(const std::vector<Rows> results,
             watcher_.Query(fmt::format(kLocks, session_.backend_pid())));
  AddLocks(results[0], trace);
  return {};
}

void StatementTracer::AddLocks(const Rows& rows, lint::StatementTrace* trace) {
  for (const auto& row : rows.rows) {
    const auto lock = ModeAndRelation(row);
    if (!held_.insert(lock).second) continue;
    if (trace->before->relations.contains(lock.second)) {
      trace->locks.push_back({lock.first, lock.second});
    }
  }
}

Status StatementTracer::ReadAfter(lint::StatementTrace* trace) {
  if (session_.transaction_state() == postgres::TransactionState::kIdle) held_.clear();
  std::string query = fmt::format(kLocks, "pg_catalog.pg_backend_pid()") + kScans;
  const bool keeps = KeepsCatalog(trace->statement.kind);
  if (!keeps) query += DatabaseStateQuery();
  TRY_ASSIGN(const std::vector<Rows> results, session_.Query(query));
  AddLocks(results[0], trace);
  if (!keeps) Compare(ParseDatabaseState(results, 2), trace);
  CompareScans(ParseScans(results[1]), trace);
  return {};
}

// Each build of an index reads its table once.
void StatementTracer::CompareScans(const std::map<lint::Oid, long>& scans,
                                   lint::StatementTrace* trace) {
  for (const auto& [table, count] : scans) {
    if (!trace->before->relations.contains(table)) continue;
    const auto earlier = scans_.find(table);
    const long read = count - (earlier == scans_.end() ? 0 : earlier->second);
    const long built =
        std::ranges::count(trace->indexes, table, [](const auto& index) { return index.table; });
    if (read > 0) trace->scanned.push_back(table);
    if (read > built) trace->checked.push_back(table);
  }
  scans_ = scans;
}

void StatementTracer::Compare(DatabaseState after, lint::StatementTrace* trace) {
  const auto& before = trace->before->relations;
  std::set<lint::Oid> files;  // an index that is made again with its old file was not built
  for (const auto& [oid, relation] : before) files.insert(relation.file);
  for (const auto& [oid, relation] : after.catalog->relations) {
    const auto old = before.find(oid);
    if (relation.IsIndex()) {
      if (!before.contains(relation.table)) continue;
      const bool made = old == before.end();
      if (made && relation.file != 0 && files.contains(relation.file)) continue;
      if (made || old->second.file != relation.file) {
        trace->indexes.push_back({oid,
                                  relation.table,
                                  relation.name,
                                  relation.is_unique,
                                  made ? "?" : "",
                                  {},
                                  {},
                                  trace->statement.runs_outside_transaction});
      }
    } else if (old != before.end() && old->second.file != relation.file) {
      if (relation.kind != 'S') trace->rewritten.push_back(oid);
    }
  }
  for (const auto& [oid, constraint] : after.constraints) {
    const auto old = state_.constraints.find(oid);
    const bool there = old != state_.constraints.end();
    if (there && old->second.validated == constraint.validated) continue;
    if (!before.contains(constraint.table)) continue;
    const ConstraintState& made = constraint;
    const bool again = !there && std::ranges::any_of(state_.constraints, [&](const auto& entry) {
      return entry.second.table == made.table && entry.second.name == made.name;
    });
    trace->constraints.push_back({constraint.table,
                                  constraint.name,
                                  constraint.type,
                                  {},
                                  constraint.validated,
                                  there,
                                  again});
  }
  state_ = std::move(after);
}

// Queried after the locks, because these functions lock what they read.
Status StatementTracer::ReadDefinitions(lint::StatementTrace* trace) {
  for (lint::BuiltIndex& index : trace->indexes) {
    if (index.definition.empty()) continue;
    TRY_ASSIGN(const auto results, session_.Query(fmt::format(kIndexTexts, index.index)));
    if (results.empty() || results[0].rows.empty()) continue;
    const auto& row = results[0].rows[0];
    index.definition = row[0].value_or("");
    index.keys = row[1].value_or("");
    index.predicate = row[2].value_or("");
  }
  for (lint::AddedConstraint& constraint : trace->constraints) {
    TRY_ASSIGN(const postgres::Value text,
               session_.QueryValue(fmt::format(
                   "SELECT pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint "
                   "WHERE conrelid = {}::oid AND conname = {}",
                   constraint.table, sql::QuoteLiteral(constraint.name))));
    constraint.definition = text.value_or("");
  }
  return {};
}

Status StatementTracer::RunOutside(const sql::Statement& statement, lint::StatementTrace* trace) {
  std::vector<std::string> tables;
  for (const auto& [oid, relation] : state_.catalog->relations) {
    if (relation.kind != 'r' && relation.kind != 'p') continue;
    tables.push_back("ONLY " + sql::QualifiedName(relation.schema, relation.name));
  }
  std::string block = "BEGIN;";
  const std::string lock = "LOCK TABLE " + Join(tables, ", ") + " IN ";
  if (!tables.empty()) block += lock + "ROW EXCLUSIVE MODE;";
  block += "SAVEPOINT first;";
  if (!tables.empty()) block += lock + "SHARE UPDATE EXCLUSIVE MODE";
  TRY(blocker_.Query(block));
  std::atomic<bool> done = false;
  Status ran;
  std::thread runner([&] {
    ran = Run(statement);
    done = true;
  });
  Result<Locks> seen = WatchWhileItRuns([&] { return done.load(); });
  const Status released = [&]() -> Status {
    TRY(blocker_.Query("ROLLBACK"));
    return {};
  }();
  runner.join();
  TRY(ran);
  TRY(released);
  if (!seen) return std::move(seen).error();
  for (const auto& [mode, relation] : *seen) {
    if (trace->before->relations.contains(relation)) trace->locks.push_back({mode, relation});
  }
  TRY_ASSIGN(DatabaseState after, ReadDatabaseState(session_));
  Compare(std::move(after), trace);
  return {};
}

// The blocker's stronger lock stops its first lock request; its own locks are read while it waits
// for the blocker's transaction to end.
Result<StatementTracer::Locks> StatementTracer::WatchWhileItRuns(
    const std::function<bool()>& is_done) {
  Locks seen;
  TRY(WatchUntilItWaits(is_done, std::chrono::milliseconds(0), &seen));
  TRY(blocker_.Query("ROLLBACK TO SAVEPOINT first"));
  constexpr std::chrono::milliseconds kToWakeUp(50);
  TRY(WatchUntilItWaits(is_done, kToWakeUp, &seen));
  return seen;
}

Status StatementTracer::WatchUntilItWaits(const std::function<bool()>& is_done,
                                          std::chrono::milliseconds at_least, Locks* seen) {
  const std::string pid = std::to_string(session_.backend_pid());
  // In this order, so that the locks of a waiting statement are listed after it was seen to wait.
  const std::string query = fmt::format(kWaits, pid) + fmt::format(kLocks, pid);
  const auto begin = std::chrono::steady_clock::now();
  while (!is_done()) {
    TRY_ASSIGN(const std::vector<Rows> results, watcher_.Query(query));
    for (const auto& row : results[1].rows) seen->insert(ModeAndRelation(row));
    const bool waits = results[0].rows[0][0] != "0";
    if (waits && std::chrono::steady_clock::now() - begin >= at_least) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return {};
}

}  // namespace ballast::proof
