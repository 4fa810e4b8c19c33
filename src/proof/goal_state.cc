// SPDX-License-Identifier: Apache-2.0
#include "proof/goal_state.h"

#include <fmt/format.h>

#include <memory>
#include <set>
#include <utility>

#include "apply/named_schema.h"
#include "apply/replay.h"
#include "base/text.h"
#include "introspect/catalog_reader.h"
#include "introspect/known_rows.h"
#include "introspect/privilege_conditions.h"
#include "introspect/rows_reader.h"
#include "postgres/rolled_back_transaction.h"
#include "proof/proof.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

Status RunBaseline(const scratch::ScratchDatabase& database, const GoalScripts& scripts) {
  TRY_ASSIGN(postgres::Session session, database.Connect());
  const postgres::Outcome outcome = session.Run("BEGIN;\n" + scripts.baseline + "\nCOMMIT;\n");
  if (!outcome.error) return {};
  return MakeError(ErrorCode::kReplayFailed,
                   fmt::format("the baseline of {} does not run in a scratch database: {} "
                               "(SQLSTATE {})",
                               scripts.name, outcome.error->message, outcome.error->sqlstate),
                   "use the PostgreSQL version and the extensions of the server that proved it");
}

std::vector<std::string> PrimaryKeyOf(const catalog::TableObject& table) {
  std::vector<std::string> keys;
  if (!table.table.primary_key) return keys;
  for (const std::string& column : table.table.primary_key->columns) {
    keys.push_back(sql::QuoteIdentifier(column));
  }
  return keys;
}

// Tables after those that they reference, as far as there are no cycles.
class ByReference {
 public:
  explicit ByReference(const catalog::Database& database) : database_(database) {
    for (const catalog::TableObject& table : database.tables) by_name_[table.table.name] = &table;
  }

  std::vector<const catalog::TableObject*> Order() {
    for (const catalog::TableObject& table : database_.tables) Visit(table);
    return std::move(order_);
  }

 private:
  void Visit(const catalog::TableObject& table) {
    if (!seen_.insert(table.id).second) return;
    for (const catalog::ForeignKeyObject& key : database_.foreign_keys) {
      const auto parent = by_name_.find(key.key.referenced_table);
      if (key.table == table.id && parent != by_name_.end()) Visit(*parent->second);
    }
    order_.push_back(&table);
  }

  const catalog::Database& database_;
  std::map<catalog::Name, const catalog::TableObject*> by_name_;
  std::set<catalog::ObjectId> seen_;
  std::vector<const catalog::TableObject*> order_;
};

// Whether its keys differ from one replay to the next.
bool HasVolatileKeys(const GoalRows& rows, const GoalScripts& scripts) {
  const auto bare = [](const std::string& name) { return ReplaceAll(name, "\"", ""); };
  for (const release::TableRows& known : scripts.known_rows) {
    if (bare(known.table) != bare(rows.table)) continue;
    for (const std::string& column : known.volatile_columns) {
      for (const std::string& key : rows.keys) {
        if (bare(key) == bare(column)) return true;
      }
    }
  }
  return false;
}

Status AddRows(postgres::Session& session, const GoalScripts& scripts, GoalState& goal) {
  TRY_ASSIGN(introspect::RowsDraft draft, introspect::ReadRowsWithinLimit(session, goal.model));
  goal.omitted_rows = std::move(draft.omitted);
  for (const catalog::TableObject* table : ByReference(goal.model).Order()) {
    const auto found = draft.statements.find(table->id);
    if (found == draft.statements.end()) continue;
    GoalRows rows;
    rows.table = QuotedName(table->table.name);
    rows.keys = PrimaryKeyOf(*table);
    rows.insert = found->second;
    rows.known_keys =
        !scripts.baseline.empty() && !rows.keys.empty() && !HasVolatileKeys(rows, scripts);
    TRY_ASSIGN(rows.key_values, introspect::ReadKeys(session, rows.table, rows.keys));
    TRY_ASSIGN(rows.rules, introspect::RulesAgainstOnConflict(session, rows.table));
    goal.rows.push_back(std::move(rows));
  }
  return {};
}

}  // namespace

Status BuildGoal(const scratch::ScratchDatabase& database, const GoalScripts& scripts,
                 Progress& progress) {
  if (!scripts.baseline.empty()) {
    TRY(PreparePlatform(database, scripts.setup_script));
    TRY(RunBaseline(database, scripts));
  }
  if (scripts.migrations.empty()) return {};
  TRY_ASSIGN(postgres::Session session, database.Connect());
  apply::ReplayOptions options;
  if (scripts.baseline.empty()) options.setup = scripts.setup_script;
  TRY(apply::Replay(session, scripts.migrations, options, progress));
  return {};
}

Result<GoalState> ReadGoal(const scratch::ScratchDatabase& database, const GoalScripts& scripts) {
  GoalState goal;
  TRY_ASSIGN(State state, ReadState(database.target(), scripts.asked));
  catalog::MarkDated(scripts.dated, state.snapshot);
  TRY_ASSIGN(goal.record, FingerprintRecordOf(database, state));
  goal.snapshot = std::make_shared<const catalog::Snapshot>(std::move(state.snapshot));
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY(session.Query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  TRY_ASSIGN(goal.model, introspect::ReadCatalog(session));
  if (scripts.with_rows) TRY(AddRows(session, scripts, goal));
  if (scripts.asked != catalog::Scope()) {
    TRY_ASSIGN(goal.model.conditions, introspect::FindConditions(session, *goal.snapshot));
  }
  return goal;
}

Result<GoalState> MakeGoalState(scratch::ScratchServer& server, const GoalScripts& scripts,
                                Progress& progress) {
  TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("goal"));
  TRY(BuildGoal(database, scripts, progress));
  return ReadGoal(database, scripts);
}

Result<catalog::Database> ReadModel(postgres::Session& session, const std::string& target_schema) {
  catalog::Database model;
  TRY(postgres::InRolledBackTransaction(session, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                                        [&]() -> Status {
                                          TRY_ASSIGN(model, ReadModelHere(session, target_schema));
                                          return {};
                                        }));
  return model;
}

Result<catalog::Database> ReadModelHere(postgres::Session& session,
                                        const std::string& target_schema) {
  introspect::CatalogOptions options;
  options.target_schema = target_schema;
  options.has_journal = true;
  return introspect::ReadCatalog(session, options);
}

Result<scratch::ScratchServer> StartServerOf(int major, scratch::ScratchOptions options,
                                             Progress& progress) {
  if (options.url.empty()) options.major = major;
  Result<scratch::ScratchServer> server = scratch::ScratchServer::Start(options, progress);
  if (server.ok() || options.major == 0) return server;
  if (server.error().code != ErrorCode::kNoServerBinaries) return server;
  options.major = 0;
  return scratch::ScratchServer::Start(options, progress);
}

}  // namespace ballast::proof
