// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_proof.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "base/sqlstate.h"
#include "base/text.h"
#include "difference/conversions.h"
#include "plan/row_guard.h"
#include "postgres/rolled_back_transaction.h"
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
#include "proof/sample_search.h"
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
    std::vector<std::string> losses, made_again;
    for (const release::RollbackLoss& loss : proven_.record.losses) losses.push_back(loss.object);
    for (const release::RollbackLoss& made : proven_.record.made_again) {
      made_again.push_back(made.object);
    }
    proven_.script = release::RenderRollback(
        {question_.from, question_.to, losses, proven_.record.notices, made_again}, script_.text);
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
    TRY_ASSIGN(const std::optional<Error> refused, RunWithout({}));
    if (refused) TRY(FindFewerRows(*refused));
    return Finish(*rows_);
  }

  // Back, and forward again, without the sample rows of these tables. Returns why the migrations do
  // not run, if so.
  Result<std::optional<Error>> RunWithout(const std::vector<std::string>& tables) {
    if (rows_) {
      // Some of the migrations may have run, so another try begins with the newer state.
      rows_.reset();
      proven_ = {};
      proven_.record.version = question_.to;
      TRY(scene_.Restart());
      TRY(ReadNewer());
    }
    proven_.record.origin = OriginByHand(question_);  // also if it cannot be composed
    TRY(stated_.RefuseConversions());
    TRY_ASSIGN(script_, ComposeRollback(question_, newer_, scene_));
    proven_.record.origin = script_.origin;
    TRY_ASSIGN(samples_, AddSampleRows(session()));
    TRY(RemoveSampleRows(tables, samples_, session()));
    TRY(RemoveConflicting());
    rows_.emplace(question_, script_, newer_, scene_);
    TRY(Back(*rows_));
    std::ranges::sort(samples_.empty);
    proven_.record.without_rows = samples_.empty;
    Status forward = scene_.Forward();
    if (forward) return std::optional<Error>();
    if (!IsAboutScripts(forward.error())) return std::move(forward).error();
    return std::optional(std::move(forward).error());
  }

  // After the upgrade that follows the rollback.
  Status Finish(RollbackRows& rows) {
    proven_.refusals = refusals_;
    proven_.record.notices.insert(proven_.record.notices.end(), refusals_.begin(), refusals_.end());
    TRY_ASSIGN(proven_.lost_later, rows.DroppedByUpgrade(before_, back_));
    AddLosses(proven_.lost_later, proven_.record.losses);
    for (const release::RollbackLoss& loss : proven_.lost_later) {
      proven_.record.notices.push_back("the upgrade after the rollback drops " + loss.object +
                                       " and creates another one, so its data would be lost");
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
    TRY_ASSIGN(const std::vector<std::string> changes,
               rows.FindRepeatedChanges(back_, [this] { return BackAndForward(); }));
    for (const std::string& sentence : changes) NoteRepeated(sentence);
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

  // The migrations may need what the sample rows are not. Without some of these they have to run.
  Status FindFewerRows(const Error& refused) {
    constexpr int kRuns = 10;
    const SampleRows samples = samples_;  // each run has others
    Error last = refused;
    std::vector<std::string> tried;
    const RunWithoutRows run = [&](const std::vector<std::string>& tables) {
      tried = tables;
      Result<std::optional<Error>> error = RunWithout(tables);
      if (error.ok() && *error) last = **error;
      return error;
    };
    TRY_ASSIGN(auto omitted,
               ToOmit(refused, {samples, NamedIn(MigrationOf(refused), samples), kRuns}, run));
    if (omitted && tried != *omitted) {
      TRY_ASSIGN(const auto again, run(*omitted));
      if (again) omitted.reset();
    }
    if (!omitted) {
      return MakeError(ErrorCode::kNoRollback,
                       "the upgrade after the rollback fails: " + last.message + RemedyOf(last));
    }
    const bool all = omitted->size() > 1 && omitted->size() == samples.filled.size();
    refusals_ = {all ? "the migrations do not run on the sample rows of the proof, so the upgrade "
                       "after the rollback was proven on empty tables: " +
                           refused.message
                     : fmt::format("the migrations do not run on rows of {}; the upgrade after the "
                                   "rollback was proven without{}: {}",
                                   Names(WithoutReferring(*omitted, samples)),
                                   AndReferring(*omitted, samples), refused.message)};
    return {};
  }

  // Of the tables with a sample row, those that it names.
  static std::vector<std::string> NamedIn(const std::string& script, const SampleRows& samples) {
    std::vector<std::string> named;
    for (const std::string& table : samples.filled) {
      const std::string quoted = table.substr(table.rfind("\".\"") + 3);
      const std::string_view name = std::string_view(quoted).substr(0, quoted.size() - 1);
      if (ContainsIgnoringAsciiCase(script, name)) named.push_back(table);
    }
    return named;
  }

  // The script that is refused; empty if it is not known.
  std::string MigrationOf(const Error& refused) const {
    const auto migration = std::ranges::find(question_.migrations, refused.Detail("migration"),
                                             &release::Migration::name);
    return migration == question_.migrations.end() ? std::string()
                                                   : migration->script.TextOrEmpty();
  }

  // First without the rows of the tables that the errors name.
  Result<std::optional<std::vector<std::string>>> ToOmit(const Error& refused,
                                                         const SampleSearch& search,
                                                         const RunWithoutRows& run) const {
    constexpr int kNamed = 3;
    std::vector<std::string> named;
    std::optional<Error> last = refused;
    for (int at = 0; last && at < kNamed; ++at) {
      TRY_ASSIGN(const std::string table, SampledName(TableIn(*last), search.rows, session()));
      if (table.empty() || std::ranges::find(named, table) != named.end()) break;
      named.push_back(table);
      named = WithReferring(std::move(named), search.rows);
      TRY_ASSIGN(last, run(named));
    }
    if (!last) return std::optional(std::move(named));
    return TablesToOmit(search, run);
  }

  // Unqualified in the target schema.
  std::string Names(const std::vector<std::string>& tables) const {
    const std::string schema = sql::QuoteIdentifier(Schema()) + ".";
    std::vector<std::string> names;
    for (const std::string& table : tables) {
      names.push_back(table.starts_with(schema) ? table.substr(schema.size()) : table);
    }
    return Join(names, ", ");
  }

  // The rest of "proven without"; empty if no other rows refer to theirs.
  std::string AndReferring(const std::vector<std::string>& tables,
                           const SampleRows& samples) const {
    std::vector<std::string> referring = tables;
    for (const std::string& table : WithoutReferring(tables, samples)) {
      std::erase(referring, table);
    }
    return referring.empty()
               ? std::string()
               : fmt::format(" them and those that refer to them ({})", Names(referring));
  }

  // The table that the server's error names, quoted; qualified outside of the target schema.
  std::string TableIn(const Error& error) const {
    const std::string table = error.Detail("table");
    const std::string schema = error.Detail("schema");
    if (table.empty()) return {};
    return sql::QualifiedName(schema == Schema() ? std::string() : schema, table);
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
  Status RemoveConflicting() {
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
      TRY_ASSIGN(const std::string table, SampledName(statement.table, samples_, session()));
      if (table.empty()) continue;
      const std::vector<std::string> tables = Sampled(WithReferring({table}, samples_));
      TRY(RemoveSampleRows(tables, samples_, session()));
      proven_.record.notices.push_back(statement.object + ": proven without rows in " +
                                       Names(tables) + ", because it fails on " +
                                       statement.fails_on);
    }
    return {};
  }

  // Of these tables, those that still have a sample row.
  std::vector<std::string> Sampled(std::vector<std::string> tables) const {
    std::erase_if(tables, [&](const std::string& table) {
      return std::ranges::find(samples_.filled, table) == samples_.filled.end();
    });
    return tables;
  }

  // Runs a transaction of the script.
  Status RunBack(const std::string& text) {
    return RunTransaction(session(), text, "the script back to " + question_.to);
  }

  // `before`: the columns before the script.
  Status RunTransactions(RollbackRows& rows, const PhysicalColumns& before) {
    bool is_first = true;
    for (const std::string& text : release::RollbackTransactions(script_.text)) {
      Status done = RunBack(text);
      if (!done) {
        if (!IsAboutScripts(done.error()) || samples_.filled.empty()) return done;
        TRY(RunOnFewerRows(text, std::move(done).error(), [&]() -> Status {
          if (is_first) return rows.ReadBefore(before);
          rows.Forget();
          return {};
        }));
      }
      is_first = false;
    }
    return {};
  }

  // It may run without the sample rows of some tables: those that refer to rows which it deletes,
  // or those that a trigger or a check refuses. `compare_again` reads the rows that are left.
  Status RunOnFewerRows(const std::string& text, const Error& refused,
                        const std::function<Status()>& compare_again) {
    constexpr int kRuns = 40;
    const RunWithoutRows run = [&](const std::vector<std::string>& tables) {
      return TryBackWithout(tables, text);
    };
    TRY_ASSIGN(const auto omitted, ToOmit(refused, {samples_, {}, kRuns}, run));
    const SampleRows all = samples_;
    const std::vector<std::string> tables = omitted ? *omitted : all.filled;
    TRY(RemoveSampleRows(tables, samples_, session()));
    TRY(compare_again());
    Status again = RunBack(text);
    if (!again) {
      if (!IsAboutScripts(again.error())) return again;
      return RefusedWithoutRows(std::move(again).error(), refused);
    }
    if (refused.Detail("sqlstate") == sqlstate::kForeignKeyViolation) return {};
    proven_.record.notices.push_back(
        samples_.filled.empty() && tables.size() > 1
            ? "the script does not run on the sample rows of the proof, so it was proven on empty "
              "tables: " +
                  refused.message
            : fmt::format("the script does not run on the sample rows of {}, so it was proven "
                          "without{}: {}",
                          Names(WithoutReferring(tables, all)),
                          tables.size() == 1 ? " them" : AndReferring(tables, all),
                          refused.message));
    return {};
  }

  // The transaction is rolled back.
  Result<std::optional<Error>> TryBackWithout(const std::vector<std::string>& tables,
                                              const std::string& text) {
    std::optional<Error> refused;
    TRY(postgres::InRolledBackTransaction(
        session(), "BEGIN; SET LOCAL check_function_bodies = false;", [&]() -> Status {
          const postgres::Outcome outcome = session().Run(RemoveSampleRowsSql(tables) + text +
                                                          "\nSET CONSTRAINTS ALL IMMEDIATE;\n");
          if (!outcome.error) return {};
          Error error = ScriptRefused(ErrorCode::kNoRollback, "the script", *outcome.error);
          if (!IsAboutScripts(error)) return error;
          refused = std::move(error);
          return {};
        }));
    return refused;
  }

  // `refused`: with sample rows.
  static Error RefusedWithoutRows(Error error, const Error& refused) {
    if (error.message != refused.message) {
      error.message += "; on tables with rows, " + refused.message;
    }
    return error;
  }

  // Runs the script.
  Status Back(RollbackRows& rows) {
    TRY_ASSIGN(const ColumnsBefore before,
               ReadColumnsBefore(script_.text, script_.losses, newer_, question_.older, session()));
    TRY(rows.ReadBefore(before.columns));
    TRY_ASSIGN(names_before_, ReadNames(session()));
    TRY(RunTransactions(rows, before.columns));
    before_ = before.columns;
    TRY_ASSIGN(back_, ReadColumns(session()));
    TRY_ASSIGN(names_back_, ReadNames(session()));
    TRY(CompareCatalog());
    TRY_ASSIGN(const auto removed, rows.CompareAfterScript(samples_, before_));
    if (removed) NoteRemoved(*removed);
    TRY(FindMadeAgain(rows));
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

  // Without what a script that was written by hand fills.
  Status FindMadeAgain(const RollbackRows& rows) {
    for (const MadeAgain& made : MadeAgainSince(before_, back_, Schema())) {
      bool filled = false;
      if (IsWrittenByHand(script_.origin)) {
        TRY_ASSIGN(filled, rows.IsFilled(made));
      }
      if (!filled) proven_.record.made_again.push_back(made.record);
    }
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
  SampleRows samples_;
  std::optional<RollbackRows> rows_;   // of the current try
  std::vector<std::string> refusals_;  // sentences about rows on which the migrations do not run
};

}  // namespace

Result<ProvenRollback> ProveRollback(const RollbackQuestion& question, RollbackScene& scene) {
  return RollbackProver(question, scene).Prove();
}

}  // namespace ballast::proof
