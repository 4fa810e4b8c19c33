// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "base/sqlstate.h"
#include "base/text.h"
#include "difference/conversions.h"
#include "plan/row_guard.h"
#include "proof/exchanged_names.h"
#include "proof/goal_state.h"
#include "proof/physical_columns.h"
#include "proof/proof.h"
#include "proof/rollback_composer.h"
#include "proof/rollback_conversions.h"
#include "proof/rollback_losses.h"
#include "proof/rollback_rows.h"
#include "proof/rollback_statements.h"
#include "proof/sample_rows.h"
#include "proof/script_errors.h"
#include "release/package.h"
#include "release/rollback_script.h"
#include "sql/quote.h"
#include "sql/renames.h"

namespace ballast::proof {
namespace {

Status RunTransaction(postgres::Session& session, const std::string& text,
                      const std::string& what) {
  constexpr std::string_view kBegin = "BEGIN;\nSET LOCAL check_function_bodies = false;\n";
  const postgres::Outcome outcome = session.Run(std::string(kBegin) + text + "\nCOMMIT;\n");
  if (!outcome.error) return {};
  (void)session.Run("ROLLBACK");
  return ScriptRefused(ErrorCode::kNoRollback, what, *outcome.error, {text, kBegin.size()});
}

class RollbackProver {
 public:
  RollbackProver(const RollbackQuestion& question, RollbackScene& scene)
      : question_(question), scene_(scene), stated_(question) {}

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
    proven_.renames = script_.renames;
    proven_.renamed = script_.renamed;
    if (script_.origin == release::RollbackOrigin::kScript) return std::move(proven_);
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
      proven_.record.origin = OriginByHand(question_);  // also if it cannot be composed
      TRY(stated_.RefuseConversions());
      TRY_ASSIGN(script_, ComposeRollback(question_, newer_, scene_));
      proven_.record.origin = script_.origin;
      TRY_ASSIGN(SampleRows samples, AddSampleRows(session()));
      TRY(RemoveRefused(samples));
      TRY(RemoveConflicting(samples));
      RollbackRows rows(question_, script_, newer_, scene_);
      TRY(Back(rows, samples));
      proven_.record.without_rows = samples.empty;
      Status forward = scene_.Forward();
      if (forward) return Finish(rows);
      if (!IsAboutScripts(forward.error())) return forward;
      if (samples.filled.empty()) {
        return MakeError(ErrorCode::kNoRollback,
                         "the upgrade after the rollback fails: " + forward.error().message +
                             RemedyOf(forward.error()));
      }
      TRY(Refuse(forward.error(), samples));
      // Some of the migrations may have run, so another try begins with the newer state.
      proven_ = {};
      proven_.record.version = question_.to;
      TRY(scene_.Restart());
      TRY(ReadNewer());
    }
  }

  // After the upgrade that follows the rollback.
  Status Finish(RollbackRows& rows) {
    proven_.refusals = refusals_;
    proven_.record.notices.insert(proven_.record.notices.end(), refusals_.begin(), refusals_.end());
    TRY_ASSIGN(proven_.lost_later, rows.DroppedByUpgrade(before_, back_));
    AddLosses(proven_.lost_later, proven_.record.losses);
    for (const release::RollbackLoss& loss : proven_.lost_later) {
      proven_.record.notices.push_back("the upgrade after the rollback drops " + loss.object +
                                       " and makes another one, so its data would be lost");
    }
    std::vector<PhysicalColumn> redefined = RedefinedColumns(before_, back_);
    std::erase_if(redefined, [&](const PhysicalColumn& column) {
      return rows.BecomesNull(back_.at(column.place)) ||
             std::ranges::any_of(proven_.lost_later, [&](const release::RollbackLoss& loss) {
               return loss.object == LossOf(column, Schema(), loss.column.empty()).object;
             });
    });
    TRY(CompareNames(rows));
    TRY(RefuseUncompared(redefined, rows));
    TRY_ASSIGN(const std::string values, rows.CompareColumns(redefined));
    NoteRepeated(stated_.SentenceOfUpdates());
    for (const std::string& sentence : stated_.SentencesOfRows()) NoteRepeated(sentence);
    NoteRepeated(values);
    if (refuses_all_) return {};
    TRY_ASSIGN(const std::string changes,
               rows.FindRepeatedChanges([this] { return BackAndForward(); }));
    NoteRepeated(changes);
    return {};
  }

  // A script that was written by hand may also move the values.
  Status CompareNames(const RollbackRows& rows) {
    TRY_ASSIGN(const NamesNow now, ReadNames(session()));
    std::vector<std::string> exchanged = ExchangedNames(names_before_, now);
    if (!IsWrittenByHand(script_.origin)) {
      const NamesNow& renamed = script_.renames.empty() ? names_before_ : script_.renamed_names;
      const NamesOnTheWay names{names_before_, renamed, names_back_, now};
      for (const std::vector<std::string>& more :
           {ExchangedValues(names), ExchangedAttributes(names)}) {
        for (const std::string& name : more) {
          if (std::ranges::find(exchanged, name) == exchanged.end()) exchanged.push_back(name);
        }
      }
    }
    if (exchanged.empty()) return {};
    if (IsWrittenByHand(script_.origin)) {
      TRY_ASSIGN(const bool changed, rows.AreChanged());
      if (!changed) return {};
    }
    return MakeError(ErrorCode::kNoRollback,
                     fmt::format("the migrations exchange the names of {}, and the rollback does "
                                 "not exchange them back: write statements that do, in a down.sql "
                                 "next to the migration, or in {}",
                                 JoinSome(exchanged), release::RollbackPath(question_.to)));
  }

  // Columns of tables without rows in the proof.
  Status RefuseUncompared(const std::vector<PhysicalColumn>& redefined,
                          const RollbackRows& rows) const {
    const PhysicalColumns& older = back_;
    for (const PhysicalColumn& column : redefined) {
      if (column.is_partitioned || rows.HadRows(column)) continue;
      TRY(stated_.RefuseWithoutRows(older.at(column.place)));
    }
    return {};
  }

  void NoteRepeated(const std::string& sentence) {
    if (sentence.empty()) return;
    proven_.repeated.push_back(sentence);
    proven_.record.notices.push_back(sentence);
  }

  // The migrations may need what the sample rows are not. Without them they have to run.
  Status Refuse(const Error& error, const SampleRows& samples) {
    constexpr size_t kTables = 3;
    const std::string table = TableIn(error);
    if (!table.empty() && refused_tables_.size() < kTables) {
      TRY_ASSIGN(const bool sample, HasSampleRow(table, samples, session()));
      if (sample && refused_tables_.insert(table).second) {
        refusals_.push_back(
            "the migrations do not run on rows of " + table +
            "; the upgrade after the rollback was proven without: " + error.message);
        return {};
      }
    }
    refuses_all_ = true;
    refusals_ = {
        "the migrations do not run on the sample rows of the proof, so the upgrade after the "
        "rollback was proven on empty tables: " +
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

  Status RemoveRefused(SampleRows& samples) {
    for (const std::string& table : refused_tables_) {
      TRY(RemoveSampleRow(table, samples, session()));
    }
    if (!refuses_all_) return {};
    TRY(RemoveSampleRows(samples, session()));
    AreRemoved(samples);
    return {};
  }

  static Error UncountedRows(const difference::Statement& statement,
                             const postgres::ServerError& refused) {
    Error error = postgres::ErrorOf(refused, fmt::format("the query for {}, on which {} fails",
                                                         statement.fails_on, statement.object));
    if (!IsAboutScripts(error)) return error;
    error.message += ": write the statement yourself, in a down.sql next to the migration";
    return error;
  }

  // Of the sample rows, those that a statement of the difference fails on by its own description: a
  // column without a value for them, a value that the older enum does not have.
  Status RemoveConflicting(SampleRows& samples) {
    if (!script_.is_difference) return {};
    for (const difference::Statement& statement : script_.statements) {
      if (statement.offending_rows.empty()) continue;
      const postgres::Outcome outcome =
          session().Run("SELECT EXISTS (" + statement.offending_rows + ")");
      if (outcome.error) {
        // The query may need objects that only the script creates, or convert a value itself.
        const std::string& state = outcome.error->sqlstate;
        if (sqlstate::IsUndefinedObject(state) || difference::IsRefusedValue(state)) continue;
        return UncountedRows(statement, *outcome.error);
      }
      if (!postgres::IsTrue(outcome.results.back().rows.at(0).at(0))) continue;
      TRY_ASSIGN(const bool removed, RemoveSampleRow(statement.table, samples, session()));
      if (!removed) continue;
      proven_.record.notices.push_back(statement.object + ": proven without rows in " +
                                       statement.table + ", because it fails on " +
                                       statement.fails_on);
    }
    return {};
  }

  // Runs a transaction of the script.
  Status RunBack(const std::string& text) {
    return RunTransaction(session(), text, "the script back to " + question_.to);
  }

  // `before`: the columns before the script.
  Status RunTransactions(SampleRows& samples, RollbackRows& rows, const PhysicalColumns& before) {
    bool is_first = true;
    for (const std::string& text : release::RollbackTransactions(script_.text)) {
      Status done = RunBack(text);
      if (!done) {
        if (!IsAboutScripts(done.error()) || samples.filled.empty()) return done;
        TRY(RunOnFewerRows(text, std::move(done).error(), samples, [&]() -> Status {
          if (is_first) return rows.ReadBefore(before);
          rows.Forget();
          return {};
        }));
      }
      is_first = false;
    }
    return {};
  }

  // It may run without sample rows that refer to rows which it deletes; or without any, and is then
  // refused only for tables that have some. `compare_again` reads the rows that are left.
  Status RunOnFewerRows(const std::string& text, const Error& refused, SampleRows& samples,
                        const std::function<Status()>& compare_again) {
    Error last = refused;
    for (;;) {
      TRY_ASSIGN(const bool referring, RemoveReferring(last, samples));
      if (!referring) {
        TRY(RemoveSampleRows(samples, session()));
        AreRemoved(samples);
      }
      TRY(compare_again());
      Status again = RunBack(text);
      if (again && !referring) {
        proven_.record.notices.push_back(
            "the script does not run on the sample rows of the proof, so it was proven on empty "
            "tables: " +
            refused.message);
      }
      if (again) return {};
      if (!IsAboutScripts(again.error())) return again;
      if (!referring) return RefusedWithoutRows(std::move(again).error(), refused);
      last = std::move(again).error();
    }
  }

  // `refused`: with sample rows.
  static Error RefusedWithoutRows(Error error, const Error& refused) {
    if (error.message != refused.message) {
      error.message += "; on tables with rows, " + refused.message;
    }
    return error;
  }

  // The sample row of a table whose foreign key does not allow a deletion.
  Result<bool> RemoveReferring(const Error& refused, SampleRows& samples) {
    if (refused.Detail("sqlstate") != sqlstate::kForeignKeyViolation) return false;
    const std::string table = TableIn(refused);
    if (table.empty()) return false;
    return RemoveSampleRow(table, samples, session());
  }

  static void AreRemoved(SampleRows& samples) {
    samples.empty.insert(samples.empty.end(), samples.filled.begin(), samples.filled.end());
    samples.filled.clear();
  }

  // Runs the script.
  Status Back(RollbackRows& rows, SampleRows& samples) {
    TRY_ASSIGN(const ColumnsBefore before,
               ReadColumnsBefore(script_.text, script_.losses, newer_, question_.older, session()));
    TRY(rows.ReadBefore(before.columns));
    TRY_ASSIGN(names_before_, ReadNames(session()));
    TRY(RunTransactions(samples, rows, before.columns));
    before_ = before.columns;
    TRY_ASSIGN(back_, ReadColumns(session()));
    TRY_ASSIGN(names_back_, ReadNames(session()));
    TRY(CompareCatalog());
    TRY_ASSIGN(const auto removed, rows.CompareAfterScript(samples, before_));
    if (removed) NoteRemoved(*removed);
    return FindLosses(before, back_);
  }

  // `now`: the columns after the script.
  Status FindLosses(const ColumnsBefore& before, const PhysicalColumns& now) {
    std::vector<release::RollbackLoss>& losses = proven_.record.losses;
    losses = script_.losses;
    TRY_ASSIGN(const auto dropped,
               DroppedSince(before, IsWrittenByHand(script_.origin), session()));
    losses.insert(losses.end(), dropped.begin(), dropped.end());
    const bool listed = script_.is_difference && !script_.statements.empty();  // by the statements
    const ConvertingScript script = Converting();
    if (!listed) AddLosses(ConvertedSince(before.columns, now, script), losses);
    const auto zones = sql::ZonesOfConversions(script_.renames);
    AddLosses(ConvertedAtZones(before.columns, now, script, zones), losses);
    AddLosses(ConvertedByHand(before.columns, now, script, script_.text, question_.migrations),
              losses);
    return {};
  }

  ConvertingScript Converting() const {
    ConvertingScript script{newer_, question_.older, Schema(), IsWrittenByHand(script_.origin),
                            OwnConversions()};
    if (!script_.renames.empty()) {
      script.renamed = &script_.renamed;
      script.renamed_columns = &script_.renamed_columns;
    }
    return script;
  }

  // A column of which somebody may have replaced values before is none of them.
  std::set<std::string> OwnConversions() const {
    std::set<std::string> own;
    for (const difference::Statement& statement : script_.statements) {
      if (!statement.described && plan::MayReplaceValues(statement.text)) return {};
      const bool converts = statement.described && statement.kind == difference::ActionKind::kAlter;
      if (converts) own.insert(statement.object);
    }
    return own;
  }

  void NoteRemoved(const std::map<std::string, int64_t>& removed) {
    proven_.removed_rows = removed;
    if (!IsWrittenByHand(script_.origin)) return;
    auto& recorded = proven_.record.removed_rows.emplace();
    for (const auto& [table, count] : removed) recorded.push_back({table, count});
  }

  Status CompareCatalog() {
    TRY_ASSIGN(
        const catalog::Snapshot reached,
        ReadSnapshotOf(session().target(), catalog::EverythingAnd(question_.older_snapshot)));
    const auto differences = catalog::DiffOnAnyDate(question_.older_snapshot, reached);
    if (differences.empty()) return {};
    Error error = MakeError(ErrorCode::kNoRollback,
                            fmt::format("the rollback leaves {} from the earlier release",
                                        Counted(differences.size(), "difference")));
    for (std::string& object : catalog::DescribeAll(differences)) {
      error.details.emplace_back("object", std::move(object));
    }
    return error;
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
  StatedChanges stated_;
  catalog::Database newer_;
  ComposedRollback script_;        // of the current try
  PhysicalColumns before_, back_;  // the columns before the script and after it
  NamesNow names_before_, names_back_;
  ProvenRollback proven_;
  std::set<std::string> refused_tables_;  // on whose rows the migrations do not run
  bool refuses_all_ = false;              // they do not run on rows of other tables, either
  std::vector<std::string> refusals_;     // a sentence about each
};

}  // namespace

Result<ProvenRollback> ProveRollback(const RollbackQuestion& question, RollbackScene& scene) {
  return RollbackProver(question, scene).Prove();
}

}  // namespace ballast::proof
