// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <optional>
#include <set>
#include <string_view>

#include "base/printable.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "difference/conversions.h"
#include "difference/script_text.h"
#include "introspect/catalog_reader.h"
#include "plan/loss_guard.h"
#include "proof/column_digests.h"
#include "proof/goal_state.h"
#include "proof/proof.h"
#include "proof/rollback_statements.h"
#include "proof/sample_rows.h"
#include "proof/script_errors.h"
#include "release/package.h"
#include "release/rollback_script.h"
#include "sql/lexer.h"
#include "sql/quote.h"
#include "sql/renames.h"

namespace ballast::proof {
namespace {

// Every reason that is not the server's failure.
Error NotProven(const std::string& reason) {
  return MakeError(ErrorCode::kNoRollback, reason);
}

Status RunTransaction(postgres::Session& session, const std::string& text,
                      const std::string& what) {
  const postgres::Outcome outcome = session.Run("BEGIN;\n" + text + "\nCOMMIT;\n");
  if (!outcome.error) return {};
  (void)session.Run("ROLLBACK");
  return ScriptRefused(ErrorCode::kNoRollback, what, *outcome.error);
}

using release::RollbackOrigin;

struct Script {
  RollbackOrigin origin = RollbackOrigin::kNone;
  std::string text;                                    // as it runs
  std::vector<release::RollbackLoss> losses = {};      // that its statements list
  std::vector<difference::Statement> statements = {};  // in the order of the text
  bool is_difference = false;                          // without renames in front of it
};

class RollbackProver {
 public:
  RollbackProver(const RollbackQuestion& question, RollbackScene& scene)
      : question_(question), scene_(scene) {}

  Result<ProvenRollback> Prove() {
    proven_.record.version = question_.to;
    TRY(ReadNewer());
    Status done = Try();
    if (!done) {
      if (!IsAboutScripts(done.error())) return std::move(done).error();
      proven_.record.reason = ReasonOf(done.error());
      return std::move(proven_);
    }
    proven_.record.path = release::RollbackPath(question_.to);
    proven_.script = script_.text;
    proven_.statements = script_.statements;
    if (script_.origin == RollbackOrigin::kScript) return std::move(proven_);
    proven_.record.statements = RecordOfStatements(script_.statements);
    std::vector<std::string> losses;
    for (const release::RollbackLoss& loss : proven_.record.losses) losses.push_back(loss.object);
    proven_.script = release::RenderRollback(
        {question_.from, question_.to, losses, proven_.record.notices}, script_.text);
    return std::move(proven_);
  }

 private:
  postgres::Session& session() const { return scene_.session(); }

  std::string Schema() const { return session().target().SchemaOrPublic(); }

  Status ReadNewer() {
    TRY(session().Query("SET search_path = " + sql::QuoteIdentifier(Schema())));
    TRY_ASSIGN(newer_, ReadModel(session(), Schema()));
    return {};
  }

  Status Try() {
    for (;;) {
      TRY_ASSIGN(script_, Choose());
      proven_.record.origin = script_.origin;
      TRY_ASSIGN(SampleRows rows, AddSampleRows(session()));
      TRY(RemoveRefused(rows));
      TRY(RemoveConflicting(rows));
      TRY(Back(rows));
      proven_.record.without_rows = rows.empty;
      Status forward = scene_.Forward();
      if (forward) return Finish();
      if (!IsAboutScripts(forward.error())) return forward;
      if (rows.filled.empty()) {
        return NotProven("the upgrade after the rollback fails: " + forward.error().message +
                         RemedyOf(forward.error()));
      }
      TRY(Refuse(forward.error(), rows));
      // Some of the migrations may have run, so another try begins with the newer state.
      ProvenRollback fresh;
      fresh.record.version = question_.to;
      proven_ = std::move(fresh);
      TRY(scene_.Restart());
      TRY(ReadNewer());
    }
  }

  // After the upgrade that follows the rollback.
  Status Finish() {
    proven_.record.notices.insert(proven_.record.notices.end(), refusals_.begin(), refusals_.end());
    TRY(CompareColumns());
    return refuses_all_ ? Status() : FindRepeatedChanges();
  }

  // The migrations may need what the sample rows are not. Without them they have to run.
  Status Refuse(const Error& error, const SampleRows& rows) {
    constexpr size_t kTables = 3;
    const std::string table = TableIn(error);
    if (!table.empty() && refused_tables_.size() < kTables) {
      TRY_ASSIGN(const bool sample, HasSampleRow(table, rows, session()));
      if (sample && refused_tables_.insert(table).second) {
        refusals_.push_back(
            "the migrations do not run on rows of " + table +
            "; the upgrade after the rollback was proven without: " + error.message);
        return {};
      }
    }
    refuses_all_ = true;
    refusals_ = {
        "the migrations do not run on tables with any rows; the upgrade after the rollback was "
        "proven on empty tables: " +
        error.message};
    return {};
  }

  // The table that the server's error names, quoted; qualified outside of the target schema.
  std::string TableIn(const Error& error) const {
    const std::string table = error.Detail("table");
    const std::string schema = error.Detail("schema");
    if (table.empty()) return {};
    return sql::QualifiedName(schema == Schema() ? std::string() : schema, table);
  }

  Status RemoveRefused(SampleRows& rows) {
    for (const std::string& table : refused_tables_) {
      TRY(RemoveSampleRow(table, rows, session()));
    }
    if (!refuses_all_) return {};
    TRY(RemoveSampleRows(rows, session()));
    rows.empty.insert(rows.empty.end(), rows.filled.begin(), rows.filled.end());
    rows.filled.clear();
    return {};
  }

  Result<Script> Choose() {
    const auto given = question_.scripts.by_version.find(question_.to);
    if (given != question_.scripts.by_version.end()) {
      Script script{RollbackOrigin::kScript, sql::EndStatement(given->second)};
      script.statements = difference::UndescribedStatements(script.text);
      return script;
    }
    const bool any = std::any_of(
        question_.migrations.begin(), question_.migrations.end(),
        [&](const auto& name) { return question_.scripts.by_migration.contains(name); });
    if (any) {
      proven_.record.origin = RollbackOrigin::kDownScripts;  // also if it cannot be composed
      return Compose();
    }
    if (!question_.renames.empty()) {
      TRY_ASSIGN(Script script, RenameFirst());
      if (!script.text.empty()) return script;
    }
    TRY_ASSIGN(const difference::Script script, Difference(newer_, question_.older));
    return Script{RollbackOrigin::kDifference, RollbackText(script), LossesOf(script.statements),
                  InOrderOfText(script), true};
  }

  // Does `work` in a transaction, which is rolled back.
  Status RolledBack(const std::string& name, const std::function<Status()>& work) {
    TRY(session().Query("BEGIN; SET LOCAL check_function_bodies = false;"));
    Status done = work();
    const postgres::Outcome end = session().Run("ROLLBACK");
    TRY(std::move(done));
    if (end.error) return ScriptRefused(ErrorCode::kNoRollback, "the end of " + name, *end.error);
    return {};
  }

  // The renames that can be undone, and then the difference. What has the old name since then is
  // renamed first, and the difference drops it. Runs the renames, to read the state
  // after them, and rolls them back. An empty text: there are none.
  Result<Script> RenameFirst() {
    Script script{RollbackOrigin::kDifference, ""};
    TRY(RolledBack("renaming", [&] { return AddRenames(script); }));
    return script;
  }

  Status AddRenames(Script& renaming) {
    for (const RevertedRename& rename : question_.renames) {
      TRY(Revert(rename.statement, proven_.renames));
    }
    if (proven_.renames.empty()) return {};
    TRY_ASSIGN(proven_.renamed, ReadHere());
    TRY_ASSIGN(const difference::Script script, Difference(proven_.renamed, question_.older));
    renaming.text = proven_.renames + RollbackText(script);
    renaming.statements = difference::RenamingStatements(proven_.renames);
    Append(InOrderOfText(script), renaming.statements);
    return {};
  }

  Status Revert(const std::string& rename, std::string& text) {
    TRY_ASSIGN(bool renamed, Rename(rename, text));
    const std::string prefix = fmt::format("ballast_new_{}_", ++moved_);
    for (const std::string& aside : sql::MoveAside(rename, prefix)) {
      if (renamed) break;
      TRY_ASSIGN(renamed, Rename(aside + rename, text));
    }
    return {};
  }

  // Adds the statements if they run, and returns whether they do.
  Result<bool> Rename(const std::string& statements, std::string& text) {
    TRY(session().Query("SAVEPOINT before_rename"));
    const postgres::Outcome outcome = session().Run(statements);
    if (outcome.error) {
      Error refused = ScriptRefused(ErrorCode::kNoRollback, "a rename", *outcome.error);
      if (!IsAboutScripts(refused)) return refused;
      TRY(session().Query("ROLLBACK TO before_rename"));
      if (outcome.error->sqlstate == sqlstate::kFeatureNotSupported &&
          sql::UndoesConversion(statements)) {
        return NotProven(
            "a migration converts a column AT TIME ZONE, and it cannot be converted "
            "back: " +
            outcome.error->message + " (a down.sql next to it can)");
      }
      return false;
    }
    text += statements;
    return true;
  }

  catalog::Database NewerWithoutRenamed() const {
    return proven_.renames.empty() ? newer_ : WithoutRenamed(newer_, proven_.renamed);
  }

  // In the transaction that is open.
  Result<catalog::Database> ReadHere() {
    introspect::BaselineOptions options;
    options.target_schema = Schema();
    options.with_rows = false;
    options.has_journal = true;
    return introspect::ReadCatalog(session(), options);
  }

  Result<difference::Script> Difference(const catalog::Database& from,
                                        const catalog::Database& to) const {
    difference::Options options;
    options.server_major = session().server_major();
    return difference::Diff(from, to, options);
  }

  static void Append(const std::vector<difference::Statement>& from,
                     std::vector<difference::Statement>& to) {
    to.insert(to.end(), from.begin(), from.end());
  }

  // The down.sql of each migration, the last one first; without one, the difference. Runs it,
  // to read the states in between, and rolls it back.
  Result<Script> Compose() {
    Script script{RollbackOrigin::kDownScripts, ""};
    TRY(RolledBack("composing", [&] { return ComposeSteps(script); }));
    return script;
  }

  Status ComposeSteps(Script& script) {
    const std::vector<std::string>& names = question_.migrations;
    for (size_t end = names.size(); end > 0;) {
      const auto down = question_.scripts.by_migration.find(names[end - 1]);
      if (down != question_.scripts.by_migration.end()) {
        --end;
        script.text += "-- down.sql of " + Printable(names[end]) + "\n";
        const std::string text = sql::EndStatement(down->second) + "\n";
        TRY(AddStep(script, difference::UndescribedStatements(text), text,
                    "down.sql of " + names[end]));
        continue;
      }
      std::string renames;
      while (end > 0 && !question_.scripts.by_migration.contains(names[end - 1])) {
        --end;
        for (const RevertedRename& rename : question_.renames) {
          if (rename.migration == names[end]) TRY(Revert(rename.statement, renames));
        }
      }
      script.text += renames;
      Append(difference::RenamingStatements(renames), script.statements);
      TRY(AddDifferenceStep(script, end));
    }
    return {};
  }

  // To the state before the migration at `at`.
  Status AddDifferenceStep(Script& script, size_t at) {
    std::optional<catalog::Database> made;
    if (at > 0) {
      TRY_ASSIGN(made, scene_.StateBefore(question_.migrations[at]));
    }
    TRY_ASSIGN(const catalog::Database here, ReadHere());
    TRY_ASSIGN(difference::Script step, Difference(here, made ? *made : question_.older));
    for (difference::Statement& statement : step.statements) {
      statement.placement = difference::Placement::kTogether;
    }
    return AddStep(script, step.statements, difference::RenderCommented(step.statements),
                   "the difference before " + question_.migrations[at]);
  }

  Status AddStep(Script& script, const std::vector<difference::Statement>& statements,
                 const std::string& text, const std::string& what) {
    Append(statements, script.statements);
    script.text += text;
    const postgres::Outcome outcome = session().Run(text);
    if (!outcome.error) return {};
    return ScriptRefused(ErrorCode::kNoRollback, what, *outcome.error);
  }

  // Of the sample rows, those that a statement of the difference fails on by its own description: a
  // column without a value for them, a value that the older enum does not have.
  Status RemoveConflicting(SampleRows& rows) {
    if (!script_.is_difference) return {};
    for (const difference::Statement& statement : script_.statements) {
      if (statement.offending_rows.empty()) continue;
      const postgres::Outcome outcome =
          session().Run("SELECT EXISTS (" + statement.offending_rows + ")");
      if (outcome.error) {
        // The query may need objects that only the script creates, or convert a value itself.
        const std::string& state = outcome.error->sqlstate;
        if (sqlstate::IsUndefinedObject(state) || sqlstate::IsCausedByRows(state)) continue;
        return postgres::ErrorOf(*outcome.error, "a query for conflicting rows");
      }
      if (outcome.results.back().rows.at(0).at(0) != "t") continue;
      TRY_ASSIGN(const bool removed, RemoveSampleRow(statement.table, rows, session()));
      if (!removed) continue;
      proven_.record.notices.push_back(statement.object + ": proven without rows in " +
                                       statement.table + ", because it fails on " +
                                       statement.fails_on);
    }
    return {};
  }

  // Runs a transaction of the script.
  Status RunBack(const std::string& text) {
    return RunTransaction(session(), "SET LOCAL check_function_bodies = false;\n" + text,
                          "the script back to " + question_.to);
  }

  Status RunTransactions(SampleRows& rows, std::vector<TableDigest>& before) {
    for (const std::string& text : release::RollbackTransactions(script_.text)) {
      Status done = RunBack(text);
      if (done) continue;
      if (!IsAboutScripts(done.error())) return done;
      // It may run on tables without rows, and is then refused only for those that have some.
      if (rows.filled.empty() || !RemoveSampleRows(rows, session())) return done;
      const Status again = RunBack(text);
      if (!again) return IsAboutScripts(again.error()) ? done : again;
      rows.empty.insert(rows.empty.end(), rows.filled.begin(), rows.filled.end());
      rows.filled.clear();
      before.clear();
      proven_.record.notices.push_back(
          "the script does not run on tables with any rows; it was proven on empty tables: " +
          done.error().message);
    }
    return {};
  }

  Status Back(SampleRows& rows) {
    TRY_ASSIGN(const postgres::Value columns,
               session().QueryValue(plan::ColumnsSql(script_.losses)));
    const catalog::Database newer = NewerWithoutRenamed();
    TRY_ASSIGN(auto before, DigestsOfCommonRows(newer, question_.older, session()));
    TRY_ASSIGN(const PhysicalColumns physical, ReadColumns(session()));
    TRY_ASSIGN(values_before_, DigestsOf(ValuesOf(physical), session()));
    TRY(RunTransactions(rows, before));
    TRY_ASSIGN(const PhysicalColumns now, ReadColumns(session()));
    redefined_ = RedefinedColumns(physical, now);
    TRY(CompareCatalog());
    TRY_ASSIGN(const auto after, DigestsOfCommonRows(question_.older, newer, session()));
    TRY(CompareRows(rows, before, after));
    rows_before_ = std::move(before);
    return AddLosses(columns.value_or("[]"));
  }

  // `columns` is the value of plan::ColumnsSql before the script.
  Status AddLosses(const std::string& columns) {
    const std::string before = sql::QuoteLiteral(columns);
    proven_.record.losses = script_.losses;
    TRY_ASSIGN(const auto lost, session().Query(plan::LostColumnsSql(before)));
    for (const auto& row : lost.back().rows) AddLoss(row, "");
    if (script_.is_difference && !script_.statements.empty()) return {};  // they list these
    TRY_ASSIGN(const auto retyped, session().Query(plan::RetypedColumnsSql(before)));
    for (const auto& row : retyped.back().rows) {
      const difference::Conversion conversion =
          difference::ConversionOf(sql::QuoteIdentifier(row[2].value_or("")),
                                   difference::ShapeOf(newer_, row[3].value_or("")),
                                   difference::ShapeOf(question_.older, row[4].value_or("")));
      const std::string& values =
          conversion.lost_values.empty() ? conversion.condition : conversion.lost_values;
      if (!values.empty()) AddLoss(row, values);
    }
    return {};
  }

  // `row`: schema, table and column.
  void AddLoss(const std::vector<postgres::Value>& row, const std::string& values) {
    const std::string schema = row[0].value_or("");
    const std::string table =
        sql::QualifiedName(schema == Schema() ? "" : schema, row[1].value_or(""));
    const std::string column = row[2] ? sql::QuoteIdentifier(*row[2]) : "";
    proven_.record.losses.push_back(
        {row[2] ? "column " + table + "." + column : "table " + table, table, column, values});
  }

  Status CompareCatalog() {
    TRY_ASSIGN(const catalog::Snapshot reached, ReadSnapshotOf(session().target(), {}));
    const auto differences = catalog::Diff(question_.older_snapshot, reached);
    if (differences.empty()) return {};
    Error error = NotProven(fmt::format("the rollback leaves {} from the earlier release",
                                        Counted(differences.size(), "difference")));
    for (std::string& object : catalog::DescribeAll(differences)) {
      error.details.emplace_back("object", std::move(object));
    }
    return error;
  }

  // A script of your own may also remove the rows that the newer migrations have inserted, but not
  // those of users, as which the sample rows count. (A table with a sample row has no other.)
  Status CompareRows(const SampleRows& rows, const std::vector<TableDigest>& before,
                     const std::vector<TableDigest>& after) {
    std::vector<std::string> harmed = ChangedTables(before, after);
    if (!harmed.empty() && IsWrittenByHand(script_.origin)) {
      TRY_ASSIGN(const std::vector<TableDigest> older, scene_.OlderRows(question_.older, newer_));
      const std::vector<std::string> different = ChangedTables(older, after);
      std::vector<std::string> changed;
      for (const std::string& table : harmed) {
        TRY_ASSIGN(const bool sample, HasSampleRow(table, rows, session()));
        const bool differs =
            std::find(different.begin(), different.end(), table) != different.end();
        if (sample || differs) changed.push_back(table);
      }
      harmed = std::move(changed);
    }
    if (!harmed.empty()) return NotProven("the rollback changes rows of " + JoinSome(harmed));
    NoteRemovedRows(before, after);
    return {};
  }

  void NoteRemovedRows(const std::vector<TableDigest>& before,
                       const std::vector<TableDigest>& after) {
    const auto number = [](const TableDigest& table) { return std::atoll(table.count.c_str()); };
    std::map<std::string, int64_t> left;
    for (const TableDigest& table : after) left[table.table] = number(table);
    for (const TableDigest& table : before) {
      const auto now = left.find(table.table);
      if (now == left.end() || number(table) <= now->second) continue;
      proven_.removed_rows[table.table] = number(table) - now->second;
    }
    // With no rows before, nothing is known: the script ran on empty tables only.
    if (!IsWrittenByHand(script_.origin) || before.empty()) return;
    auto& recorded = proven_.record.removed_rows.emplace();
    for (const auto& [table, count] : proven_.removed_rows) recorded.push_back({table, count});
  }

  static std::vector<PhysicalColumn> ValuesOf(const PhysicalColumns& physical) {
    std::vector<PhysicalColumn> columns;
    for (const auto& [place, column] : physical) columns.push_back(column);
    return columns;
  }

  // The values of columns that the rollback gives another name or type come back when the
  // migrations run again; otherwise these convert values in a way that the rollback does not undo.
  Status CompareColumns() {
    TRY_ASSIGN(const ColumnDigests now, DigestsOf(redefined_, session()));
    const std::vector<std::string> changed = ChangedColumns(values_before_, now);
    if (changed.empty()) return {};
    std::vector<std::string> names;
    const std::string schema = sql::QuoteIdentifier(Schema()) + ".";
    for (const std::string& name : changed) {
      names.push_back(name.starts_with(schema) ? name.substr(schema.size()) : name);
    }
    if (HasAllScripts()) {
      Repeat("the migrations change the values of " + JoinSome(names));
      return {};
    }
    return NotProven(fmt::format(
        "the migrations convert the values of {}, and the rollback does not convert them back: "
        "write statements that do, in a down.sql next to the migration",
        JoinSome(names)));
  }

  // Whether somebody has written how each migration is reverted.
  bool HasAllScripts() const {
    if (script_.origin == RollbackOrigin::kScript) return true;
    return std::all_of(
        question_.migrations.begin(), question_.migrations.end(),
        [&](const std::string& name) { return question_.scripts.by_migration.contains(name); });
  }

  void Repeat(const std::string& what) {
    proven_.repeated = what +
                       " each time they run, and the rollback does not change them back: an "
                       "upgrade after it changes them twice";
    proven_.record.notices.push_back(proven_.repeated);
  }

  // Migrations that change rows of users (a price in another unit) change them again after a
  // rollback that does not change them back. Others change them only once (to lower case), which
  // another round shows.
  Status FindRepeatedChanges() {
    if (rows_before_.empty()) return {};
    const catalog::Database newer = NewerWithoutRenamed();
    TRY_ASSIGN(const auto once, DigestsOfCommonRows(newer, question_.older, session()));
    if (ChangedTables(rows_before_, once).empty()) return {};
    const Status again = BackAndForward();
    if (!again) return IsAboutScripts(again.error()) ? Status() : again;
    TRY_ASSIGN(const auto twice, DigestsOfCommonRows(newer, question_.older, session()));
    const std::vector<std::string> changed = ChangedTables(once, twice);
    if (changed.empty()) return {};
    Repeat("the migrations change rows of " + JoinSome(changed));
    return {};
  }

  Status BackAndForward() {
    for (const std::string& text : release::RollbackTransactions(script_.text)) {
      TRY(RunBack(text));
    }
    return scene_.Forward();
  }

  // A rollback keeps the rows that migrations have inserted, and the migrations insert them again.
  std::string RemedyOf(const Error& error) const {
    if (error.Detail("sqlstate") != sqlstate::kUniqueViolation) return {};
    const std::string migration = error.Detail("migration");
    const std::string down = migration.empty() ? std::string("down.sql next to its migration.sql")
                                               : "down.sql in the folder of " + migration;
    return fmt::format(
        " (a rollback keeps the rows that a migration has inserted: delete them in a {}, or in {}, "
        "or insert them with ON CONFLICT DO NOTHING)",
        down, release::RollbackPath(question_.to));
  }

  const RollbackQuestion& question_;
  RollbackScene& scene_;
  catalog::Database newer_;
  Script script_;
  ProvenRollback proven_;
  std::vector<TableDigest> rows_before_;   // of the newer state, before the rollback
  ColumnDigests values_before_;            // the same of all columns
  std::vector<PhysicalColumn> redefined_;  // that the rollback gives another name or type
  std::set<std::string> refused_tables_;   // on whose rows the migrations do not run
  bool refuses_all_ = false;               // they do not run on rows of other tables, either
  std::vector<std::string> refusals_;      // a sentence about each
  int moved_ = 0;                          // objects that had to give way to a rename
};

}  // namespace

std::vector<release::RollbackLoss> LossesOf(const std::vector<difference::Statement>& statements) {
  std::vector<release::RollbackLoss> losses;
  for (const difference::Statement& statement : statements) {
    for (const std::string& object : statement.loses) {
      losses.push_back(
          {object, statement.lost_table, statement.lost_column, statement.lost_values});
    }
  }
  return losses;
}

Result<ProvenRollback> ProveRollback(const RollbackQuestion& question, RollbackScene& scene) {
  return RollbackProver(question, scene).Prove();
}

}  // namespace ballast::proof
