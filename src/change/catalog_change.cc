// SPDX-License-Identifier: Apache-2.0
#include "change/catalog_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "apply/compile.h"
#include "apply/verify_catalog.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "catalog/name_conflicts.h"
#include "catalog/object_identity.h"
#include "change/hidden_rows.h"
#include "change/missing_rows.h"
#include "change/object_globs.h"
#include "difference/dependent_additions.h"
#include "difference/online_steps.h"
#include "difference/script_text.h"
#include "introspect/catalog_reader.h"
#include "introspect/live_snapshot.h"
#include "plan/kept_data.h"
#include "plan/loss_guard.h"
#include "plan/row_guard.h"
#include "plan/sequence_values.h"
#include "proof/rollback_proof.h"
#include "release/rollback_script.h"
#include "sql/key_columns.h"
#include "sql/lexer.h"
#include "sql/quote.h"
#include "sql/renames.h"

namespace ballast::change {
namespace {

Result<int64_t> CountOf(postgres::Session& session, const std::string& query) {
  auto counted = session.Query("SELECT count(*) FROM (" + query + ") AS t");
  if (!counted && IsHiddenByPolicy(counted.error())) return HiddenRows(counted.error());
  TRY_ASSIGN(const auto answers, std::move(counted));
  return static_cast<int64_t>(std::atoll(answers.back().rows.at(0).at(0).value_or("0").c_str()));
}

// `before`: the proven state of the database, where it is not `goal`; or null.
Result<apply::LiveStateBefore> ReadLive(const proof::KnownState& goal,
                                        const proof::KnownState* before,
                                        const catalog::ComparisonRules& rules,
                                        const std::string& schema, postgres::Session& session) {
  std::vector<const catalog::Snapshot*> states = {goal.snapshot.get()};
  if (before != nullptr) states.push_back(before->snapshot.get());
  apply::LiveStateBefore live;
  live.scope = introspect::LivingScope(states);
  live.scope.vocabulary = goal.record.scope.vocabulary;
  live.extensions = introspect::MovableExtensions(*goal.snapshot);
  live.rules = rules;
  live.keep_additions = true;
  if (before != nullptr) live.proven = before->snapshot;
  TRY_ASSIGN(live.live, apply::ReadLive(session, goal.record, schema, live.scope, live.extensions));
  return live;
}

class ChangeFinder {
 public:
  ChangeFinder(const ChangeQuestion& question, const std::string& schema,
               postgres::Session& session)
      : question_(question),
        goal_(question.Goal()),
        before_(question.Before()),
        schema_(schema),
        session_(session) {}

  Result<CatalogChange> Find() {
    TRY(session_.Query("SET row_security = off"));
    TRY_ASSIGN(change_.live, ReadLive(goal_, before_, question_.rules, schema_, session_));
    if (question_.keep_data) {
      change_.live.rules.ignore.push_back(std::string("schema ") + plan::kKeptSchema);
    }
    TRY(Compare());
    if (renames_ == nullptr) TRY(CountBlocking());
    TRY(CountLosses());
    if (repair_ != nullptr) TRY(RestoreRows(repair_->goal.rows));
    DropInvalidIndexes();
    if (repair_ != nullptr && schema_ == "public") TRY(MoveApart());
    Write();
    return std::move(change_);
  }

 private:
  bool RunsScriptOf(release::RollbackOrigin origin) const {
    return script_ != nullptr && script_->rollback.record.origin == origin;
  }

  Status Compare() {
    const catalog::ManagedComparison found =
        catalog::CompareManaged(before_ != nullptr ? *before_->snapshot : *goal_.snapshot,
                                change_.live.live, question_.rules);
    change_.drift = catalog::DescribeAll(found.drift);
    change_.is_own_script = !RunsScriptOf(release::RollbackOrigin::kScript);
    change_.ignored = catalog::DescribeAll(found.ignored);
    NoteAdditions(found.additions);
    if (script_ != nullptr) {
      change_.statements = script_->rollback.statements;
      losses_ = script_->rollback.record.losses;
      FindLostAdditions(found.additions);
      return change_.additions.empty() ? Status() : FindDependents();
    }
    if (renames_ != nullptr) {
      return AfterRenames(renames_->rollback.renames, [this] { return WriteAfterRenames(); });
    }
    if (repair_ != nullptr && found.drift.empty()) return {};
    TRY_ASSIGN(const catalog::Database model, proof::ReadModel(session_, schema_));
    if (repair_ != nullptr) {
      TRY_ASSIGN(change_.statements, StatementsFrom(model, nullptr, repair_->goal.model));
      FindTakenNames();
    } else {
      const auto& two = std::get<RollBackByDifference>(question_.kind);
      TRY_ASSIGN(change_.statements, StatementsFrom(model, &two.before.model, two.goal.model));
    }
    losses_ = proof::LossesOf(change_.statements);
    return {};
  }

  // Names that the goal needs and additions have, as after a table was renamed by hand: its indexes
  // and constraints keep their names. What belongs to a table of the goal changes with it.
  void FindTakenNames() {
    const catalog::Snapshot& goal = *goal_.snapshot;
    for (const catalog::NameConflict& conflict :
         catalog::FindNameConflicts(goal, change_.live.live)) {
      const bool is_of_goal = std::ranges::any_of(goal, [&](const catalog::ObjectProperty& one) {
        return one.kind == "table" && one.object == conflict.owner;
      });
      if (!conflict.same_object && !is_of_goal) change_.taken_names.push_back(conflict.live);
    }
  }

  Result<std::vector<difference::Statement>> StatementsFrom(const catalog::Database& model,
                                                            const catalog::Database* managed,
                                                            const catalog::Database& goal) {
    difference::Options options;
    options.server_major = session_.server_major();
    options.keep_additions = true;
    options.managed = managed;
    options.ignore = [this](const catalog::ObjectRef& object) {
      return catalog::IsCovered(object, question_.rules.ignore);
    };
    unsupported_ = model.unsupported;
    TRY_ASSIGN(difference::Script script, difference::Diff(model, goal, options));
    return std::move(script.statements);
  }

  // The renames are tried in a transaction that is rolled back, because only the server can tell
  // how the additions look after them. It has the locks of the renames while it reads the catalog.
  Status AfterRenames(const std::string& renames, const std::function<Status()>& work) {
    TRY(session_.Query("BEGIN ISOLATION LEVEL REPEATABLE READ;\nSET LOCAL lock_timeout = '1s';\n" +
                       renames));
    Status done = work();
    const postgres::Outcome end = session_.Run("ROLLBACK");
    TRY(std::move(done));
    if (end.error) return postgres::ErrorOf(*end.error, "the end of reading");
    return {};
  }

  // In the transaction that is open.
  Result<catalog::Database> ReadHere() {
    introspect::BaselineOptions options;
    options.target_schema = schema_;
    options.has_journal = true;
    return introspect::ReadCatalog(session_, options);
  }

  // A script that ballast has proven begins with its renames.
  Status FindDependents() {
    if (RunsScriptOf(release::RollbackOrigin::kScript)) return {};
    std::string renames;
    for (const difference::Statement& statement : change_.statements) {
      const bool described = statement.object.starts_with("name of ");
      const bool undoes = statement.text.find(" RENAME ") != std::string::npos ||
                          sql::UndoesConversion(statement.text);
      if (described || !undoes) break;
      renames += statement.text;
    }
    return AfterRenames(renames, [&]() -> Status {
      TRY_ASSIGN(const catalog::Database model, ReadHere());
      change_.in_the_way = difference::DependentsThatScriptLacks(
          model, change_.statements,
          [this](const catalog::ObjectRef& object) { return BelongsTo(object, additions_); });
      return {};
    });
  }

  Status WriteAfterRenames() {
    TRY_ASSIGN(const catalog::Database model, ReadHere());
    const proof::ProvenRollback& rollback = renames_->rollback;
    TRY_ASSIGN(const auto rest, StatementsFrom(model, &rollback.renamed, renames_->goal.model));
    change_.statements = difference::UndescribedStatements(rollback.renames);
    const bool early = std::ranges::any_of(rest, [](const difference::Statement& statement) {
      return statement.placement == difference::Placement::kCommitFirst;
    });
    for (difference::Statement& rename : change_.statements) {
      rename.lock = difference::LockMode::kAccessExclusive;
      if (early) rename.placement = difference::Placement::kCommitFirst;
    }
    change_.statements.insert(change_.statements.end(), rest.begin(), rest.end());
    losses_ = rollback.record.losses;  // with the names that the database has now
    return CountBlocking();
  }

  // Additions move with relations and columns that are renamed.
  void NoteAdditions(const std::vector<catalog::Difference>& additions) {
    const bool renames = (script_ != nullptr && sql::RenamesRelations(script_->rollback.script)) ||
                         (renames_ != nullptr && sql::RenamesRelations(renames_->rollback.renames));
    if (before_ != nullptr && !renames) {
      change_.dropped_additions = catalog::AdditionsDroppedWith(*before_->snapshot, *goal_.snapshot,
                                                                change_.live.live, question_.rules);
    }
    const std::set<std::string> dropped(change_.dropped_additions.begin(),
                                        change_.dropped_additions.end());
    for (const catalog::Difference& one : additions) {
      std::string name = catalog::NameOfAddition(one);
      if (name == std::string("schema ") + plan::kKeptSchema) continue;
      // A publication without one of its tables is not unchanged.
      const auto part = dropped.lower_bound(name + ": ");
      const bool reduced = part != dropped.end() && part->starts_with(name + ": ");
      if (dropped.contains(name) || reduced) continue;
      change_.additions.push_back(std::move(name));
      if (one.change == catalog::ChangeKind::kExtra) additions_.push_back(catalog::RefOf(one));
    }
  }

  // The script was written without knowledge of the additions.
  void FindLostAdditions(const std::vector<catalog::Difference>& additions) {
    std::set<std::string> made;  // again, if it has additions
    for (const difference::Statement& statement : change_.statements) {
      const bool creates = statement.kind == difference::ActionKind::kCreate &&
                           statement.text.find("CREATE ") != std::string::npos &&
                           statement.text.find("CREATE OR REPLACE ") == std::string::npos;
      const size_t blank = statement.object.find(' ');
      if (creates && blank != std::string::npos) {
        made.insert(catalog::WithoutQuotes(statement.object.substr(blank + 1)));
      }
    }
    for (const catalog::Difference& one : additions) {
      const std::vector<std::string> owners = catalog::OwnersOfAddition(one);
      const bool lost = std::any_of(owners.begin(), owners.end(),
                                    [&](const std::string& name) { return made.contains(name); });
      if (lost) change_.lost_additions.push_back(catalog::NameOfAddition(one));
    }
  }

  Status CountBlocking() {
    for (const difference::Statement& statement : change_.statements) {
      if (statement.offending_rows.empty()) continue;
      auto count = CountOf(session_, statement.offending_rows);
      if (!count) {
        const std::string state = count.error().Detail("sqlstate");
        if (sqlstate::IsCausedByRows(state)) {
          NoteUnconvertible(statement, count.error());
          continue;
        }
        // The query needs objects that only the script creates.
        if (sqlstate::IsUndefinedObject(state)) continue;
        return std::move(count).error();
      }
      if (*count == 0) continue;
      change_.blocking.push_back(
          {statement.object, statement.fails_on, *count, statement.offending_rows});
    }
    return {};
  }

  // The query itself converts the values.
  void NoteUnconvertible(const difference::Statement& statement, const Error& error) {
    const std::string message = error.Detail("server_message");
    change_.blocking.push_back(
        {statement.object, statement.fails_on + ": " + (message.empty() ? error.message : message),
         0, statement.offending_rows.substr(0, statement.offending_rows.find(" WHERE "))});
  }

  Status CountLosses() {
    for (const release::RollbackLoss& expected : losses_) {
      release::RollbackLoss lost = expected;
      plan::DataLoss loss{lost.object, 0, IsNamed(lost.object, question_.allowed_losses)};
      bool counted = true;
      if (!lost.table.empty()) {
        TRY_ASSIGN(counted, CountLoss(lost, loss.count));
      }
      if (loss.count == 0) {
        TRY_ASSIGN(const bool is_null, HasOnlyNulls(lost));
        if (is_null) {
          keeping_ += KeepingSql(lost);
        } else if (!loss.allowed && counted) {
          without_data_.push_back(lost);
        }
        continue;
      }
      change_.losses.push_back(std::move(loss));
      keeping_ += KeepingSql(lost);
    }
    return {};
  }

  // To be kept: rows that have NULL in a column with a default, which they would get instead when
  // the column is made again.
  Result<bool> HasOnlyNulls(const release::RollbackLoss& lost) {
    if (!question_.keep_data || lost.column.empty() || lost.table.empty()) return false;
    TRY_ASSIGN(const postgres::Value any,
               session_.QueryValue(fmt::format(
                   "SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = "
                   "{}::pg_catalog.regclass AND a.atthasdef AND NOT a.attisdropped AND "
                   "'\"' || pg_catalog.replace(a.attname, '\"', '\"\"') || '\"' = {}) "
                   "AND EXISTS (SELECT FROM {})",
                   sql::QuoteLiteral(lost.table), sql::QuoteLiteral(lost.column), lost.table)));
    return any == "t";
  }

  // False: a value cannot be converted, so the statement fails, too, and is noted as blocked.
  Result<bool> CountLoss(release::RollbackLoss& lost, int64_t& count) {
    const auto query = [&] { return "SELECT 1 FROM " + lost.table + plan::WhereLost(lost); };
    auto counted = CountOf(session_, query());
    const std::string state = counted ? std::string() : counted.error().Detail("sqlstate");
    if (!lost.condition.empty() && sqlstate::IsCausedByRows(state)) {
      NoteUnconvertible(lost, counted.error());
      return false;
    }
    if (!lost.condition.empty() && sqlstate::IsUndefinedObject(state)) {
      // Only the script creates the type, so every value may be lost.
      lost.condition.clear();
      counted = CountOf(session_, query());
    }
    TRY_ASSIGN(count, std::move(counted));
    return true;
  }

  void NoteUnconvertible(const release::RollbackLoss& lost, const Error& error) {
    const bool known = std::ranges::any_of(
        change_.blocking, [&](const auto& rows) { return rows.object == lost.object; });
    if (known) return;
    std::string what = "values that cannot be converted";
    for (const difference::Statement& statement : change_.statements) {
      if (statement.object == lost.object && !statement.fails_on.empty()) what = statement.fails_on;
    }
    const std::string message = error.Detail("server_message");
    change_.blocking.push_back(
        {lost.object, what + ": " + (message.empty() ? error.message : message), 0,
         fmt::format("SELECT * FROM {} WHERE {} IS NOT NULL", lost.table, lost.column)});
  }

  Status RestoreRows(const std::vector<proof::GoalRows>& rows_of_goal) {
    TRY_ASSIGN(const std::vector<MissingRows> missing, FindMissingRows(rows_of_goal, session_));
    for (const MissingRows& rows : missing) {
      const std::string count = Counted(rows.count, "row");
      if (!rows.comparable) {
        change_.notices.push_back(
            fmt::format("{} of {} that the migrations insert cannot be compared with those of the "
                        "table, because their keys can differ; none is inserted",
                        count, rows.table));
        continue;
      }
      if (!rows.refused.empty() && !Changes(rows.table)) {
        change_.notices.push_back(
            fmt::format("{} of {} cannot be inserted: {}", count, rows.table, rows.refused));
        continue;
      }
      const size_t inserted = rows.inserted.value_or(rows.count);
      if (inserted < rows.count) {
        change_.notices.push_back(
            fmt::format("{} of {} cannot be inserted: other rows have the same unique values",
                        Counted(rows.count - inserted, "row"), rows.table));
      }
      if (inserted == 0) continue;
      change_.restored_rows.push_back(Counted(inserted, "row") + " of " + rows.table);
      rows_script_ += rows.insert + plan::ContinueSequencesSql(rows.table);
    }
    return {};
  }

  // Whether a statement of the change names the table: it may remove what refuses rows now.
  bool Changes(const std::string& table) const {
    return std::ranges::any_of(change_.statements, [&](const auto& statement) {
      return statement.text.find(table) != std::string::npos;
    });
  }

  // Drops what an interrupted concurrent build left under the name of a missing index.
  void DropInvalidIndexes() {
    for (const catalog::UnsupportedObject& left : unsupported_) {
      if (left.kind != "invalid index") continue;
      const auto index = std::find_if(
          change_.statements.begin(), change_.statements.end(),
          [&](const auto& statement) { return statement.object == "index " + left.name; });
      if (index == change_.statements.end()) continue;
      difference::DropFirst(left.name, *index);
    }
  }

  Status MoveApart() {
    std::vector<difference::Statement> together;
    for (const difference::Statement& statement : change_.statements) {
      std::vector<difference::Statement> steps;
      if (difference::IsIndependent(statement, change_.statements))
        steps = difference::OnlineSteps(statement);
      bool has_rows = false;
      if (!steps.empty()) {
        TRY_ASSIGN(has_rows, HasRows(statement.table));
      }
      if (has_rows) {
        change_.apart.insert(change_.apart.end(), steps.begin(), steps.end());
      } else {
        together.push_back(statement);
      }
    }
    change_.statements = std::move(together);
    return {};
  }

  // Partitioned tables cannot have either of the two.
  Result<bool> HasRows(const std::string& table) {
    TRY_ASSIGN(const postgres::Value any,
               session_.QueryValue(
                   fmt::format("SELECT (SELECT relkind = 'r' FROM pg_catalog.pg_class WHERE oid = "
                               "{}::pg_catalog.regclass) AND EXISTS (SELECT FROM {})",
                               sql::QuoteLiteral(table), table)));
    return any == "t";
  }

  // Keeps the data of a dropped table or column, if it is still available.
  std::string KeepingSql(const release::RollbackLoss& lost) {
    if (!question_.keep_data || lost.table.empty()) return {};
    change_.kept.push_back(lost.object);
    return plan::KeepDataSql(schema_, lost.table, lost.column, OlderKeyOf(lost.table),
                             ColumnsLost());
  }

  plan::LostColumns ColumnsLost() const {
    plan::LostColumns columns;
    for (const release::RollbackLoss& lost : losses_) {
      if (lost.table.empty() || lost.column.empty()) continue;
      columns.tables.push_back(lost.table);
      columns.columns.push_back(lost.column);
    }
    return columns;
  }

  // The primary key that the table has in the goal. A package has no model, only the snapshot.
  std::vector<std::string> OlderKeyOf(const std::string& table) const {
    constexpr std::string_view kKey = "PRIMARY KEY (";
    for (const catalog::ObjectProperty& property : *goal_.snapshot) {
      if (property.kind != "constraint" || !property.value.starts_with(kKey)) continue;
      const std::string owner = catalog::PlaceOf(property.kind, property.object).parent;
      if (catalog::PartsOf(owner) == catalog::PartsOf(table)) {
        return sql::ColumnsOfKey(property.value);
      }
    }
    return {};
  }

  void Write() {
    std::string text;
    if (script_ == nullptr) {
      for (const difference::Statement& statement : change_.statements) {
        const bool first = statement.placement == difference::Placement::kCommitFirst;
        (first ? change_.first_script : text) += statement.text;
      }
    } else {
      std::vector<std::string> parts = release::RollbackTransactions(script_->rollback.script);
      text = sql::EndStatement(std::move(parts.back()));
      if (parts.size() > 1) change_.first_script = sql::EndStatement(parts.front());
    }
    change_.script = (text.empty() ? text : Guarded(text)) + rows_script_;
  }

  // Nothing is read through policies before the script runs: hidden rows would be lost.
  std::string Guarded(const std::string& text) const {
    std::string before = "SET LOCAL check_function_bodies = false;\n" +
                         plan::LossGuardBefore(losses_, without_data_);
    std::string after = plan::LossGuardAfter();
    if (script_ != nullptr && plan::MayChangeRows(script_->rollback.script)) {
      before += plan::RowGuardBefore(script_->rollback.removed_rows);
      after = plan::RowGuardAfter() + after;
    }
    if (!keeping_.empty()) {
      before += apply::Compiler::WithValuesAsText(keeping_);
      after += plan::MarkReplacedSql();
    }
    return "SET LOCAL row_security = off;\n" + before + "SET LOCAL row_security = on;\n" + text +
           after;
  }

  const ChangeQuestion& question_;
  // The kind of the question; the others are null.
  const RepairTo* repair_ = std::get_if<RepairTo>(&question_.kind);
  const RollBackByScript* script_ = std::get_if<RollBackByScript>(&question_.kind);
  const RollBackAfterRenames* renames_ = std::get_if<RollBackAfterRenames>(&question_.kind);
  const proof::KnownState& goal_;
  const proof::KnownState* before_;
  const std::string& schema_;
  postgres::Session& session_;
  CatalogChange change_;
  std::vector<release::RollbackLoss> losses_;            // of rows that may not be there
  std::vector<catalog::UnsupportedObject> unsupported_;  // of the live database
  std::vector<catalog::ObjectRef> additions_;            // whole objects that remain
  std::vector<release::RollbackLoss> without_data_;      // those of `losses_` that have none
  std::string keeping_;
  std::string rows_script_;
};

}  // namespace

const proof::KnownState& ChangeQuestion::Goal() const {
  return std::visit([](const auto& one) -> const proof::KnownState& { return one.goal; }, kind);
}

const proof::KnownState* ChangeQuestion::Before() const {
  return std::visit(
      [](const auto& one) -> const proof::KnownState* {
        if constexpr (requires { one.before; }) return &one.before;
        return nullptr;
      },
      kind);
}

std::string ObjectAtLine(const CatalogChange& change, int line) {
  size_t begin = 0;
  for (int at = 1; at < line && begin != std::string::npos; ++at) {
    begin = change.script.find('\n', begin);
    if (begin != std::string::npos) ++begin;
  }
  if (begin == std::string::npos) return {};
  size_t from = 0;
  for (const difference::Statement& statement : change.statements) {
    if (statement.placement == difference::Placement::kCommitFirst) continue;
    const size_t at = change.script.find(statement.text, from);
    if (at == std::string::npos) continue;
    from = at + statement.text.size();
    if (begin >= at && begin < from) return statement.object;
  }
  return {};
}

Result<CatalogChange> FindChange(const ChangeQuestion& question, const std::string& schema,
                                 postgres::Session& session) {
  return ChangeFinder(question, schema, session).Find();
}

Result<std::vector<std::string>> FindDrift(const proof::KnownState& state,
                                           const catalog::ComparisonRules& rules,
                                           const std::string& schema, postgres::Session& session) {
  TRY_ASSIGN(const apply::LiveStateBefore live, ReadLive(state, nullptr, rules, schema, session));
  return catalog::DescribeAll(catalog::CompareManaged(*state.snapshot, live.live, rules).drift);
}

}  // namespace ballast::change
