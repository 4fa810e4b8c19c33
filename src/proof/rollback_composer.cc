// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_composer.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "base/printable.h"
#include "base/sqlstate.h"
#include "catalog/dated_partitions.h"
#include "difference/script_text.h"
#include "postgres/rolled_back_transaction.h"
#include "proof/goal_state.h"
#include "proof/rollback_losses.h"
#include "proof/rollback_statements.h"
#include "proof/script_errors.h"
#include "release/package.h"
#include "sql/lexer.h"
#include "sql/renames.h"

namespace ballast::proof {
namespace {

using release::RollbackOrigin;

void Append(const std::vector<difference::Statement>& from,
            std::vector<difference::Statement>& to) {
  to.insert(to.end(), from.begin(), from.end());
}

class RollbackComposer {
 public:
  RollbackComposer(const RollbackQuestion& question, const catalog::Database& newer,
                   RollbackScene& scene)
      : question_(question), newer_(newer), scene_(scene) {}

  Result<ComposedRollback> Compose() {
    TRY(RefuseUnfitScripts());
    const RollbackOrigin by_hand = OriginByHand(question_);
    if (by_hand == RollbackOrigin::kScript) return OfVersion();
    if (by_hand == RollbackOrigin::kDownScripts) return OfMigrations();
    if (!question_.renames.empty()) {
      TRY_ASSIGN(ComposedRollback renaming, RenameFirst());
      if (!renaming.text.empty()) return renaming;
    }
    TRY_ASSIGN(const difference::Script script, Difference(newer_, question_.older));
    return ComposedRollback{RollbackOrigin::kDifference, RollbackText(script),
                            LossesOf(script.statements, newer_), InOrderOfText(script), true};
  }

 private:
  postgres::Session& session() const { return scene_.session(); }

  // Scripts that would end the transaction in which they run.
  Status RefuseUnfitScripts() const {
    const RollbackScripts& scripts = question_.scripts;
    const auto version = scripts.by_version.find(question_.to);
    if (version != scripts.by_version.end()) {
      return RefuseUnfitStatements(version->second, release::RollbackPath(question_.to));
    }
    for (const release::Migration& migration : question_.migrations) {
      const auto down = scripts.by_migration.find(migration.name);
      if (down == scripts.by_migration.end()) continue;
      TRY(RefuseUnfitStatements(down->second, "down.sql of " + migration.name));
    }
    return {};
  }

  ComposedRollback OfVersion() const {
    ComposedRollback script{RollbackOrigin::kScript,
                            sql::EndStatement(question_.scripts.by_version.at(question_.to))};
    script.statements = difference::UndescribedStatements(script.text);
    return script;
  }

  Status RolledBack(const std::function<Status()>& work) {
    return postgres::InRolledBackTransaction(
        session(), "BEGIN; SET LOCAL check_function_bodies = false;", work);
  }

  // The renames that can be undone, and then the difference. What has the old name since then is
  // renamed first, and the difference drops it. Runs the renames, to read the state
  // after them, and rolls them back. An empty text: there are none.
  Result<ComposedRollback> RenameFirst() {
    ComposedRollback script{RollbackOrigin::kDifference, ""};
    TRY(RolledBack([&] { return AddRenames(script); }));
    return script;
  }

  Status AddRenames(ComposedRollback& renaming) {
    for (const RevertedRename& rename : question_.renames) {
      TRY(Revert(rename.statement, renaming.renames));
    }
    if (renaming.renames.empty()) return {};
    TRY_ASSIGN(renaming.renamed, ReadHere());
    TRY_ASSIGN(renaming.renamed_names, ReadNames(session()));
    TRY_ASSIGN(renaming.renamed_columns, ReadColumns(session()));
    TRY_ASSIGN(const difference::Script script, Difference(renaming.renamed, question_.older));
    renaming.text = renaming.renames + RollbackText(script);
    renaming.statements = difference::RenamingStatements(renaming.renames);
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
        return MakeError(ErrorCode::kNoRollback,
                         "a migration converts a column AT TIME ZONE, and it cannot be converted "
                         "back: " +
                             outcome.error->message + " (a down.sql next to it can)");
      }
      return false;
    }
    text += statements;
    return true;
  }

  // In the transaction that is open.
  Result<catalog::Database> ReadHere() {
    return ReadModelHere(session(), session().target().SchemaOrPublic());
  }

  Result<difference::Script> Difference(const catalog::Database& from,
                                        const catalog::Database& to) const {
    difference::Options options;
    options.server_major = session().server_major();
    const catalog::ModelsOnAnyDate models =
        catalog::OnAnyDate(from, to, question_.dated, catalog::Omitted::kAll);
    return difference::Diff(models.from, models.to, options);
  }

  // The down.sql of each migration, the last one first; without one, the difference. Runs it,
  // to read the states in between, and rolls it back.
  Result<ComposedRollback> OfMigrations() {
    ComposedRollback script{RollbackOrigin::kDownScripts, ""};
    TRY(RolledBack([&] { return AddSteps(script); }));
    return script;
  }

  Status AddSteps(ComposedRollback& script) {
    const std::vector<release::Migration>& migrations = question_.migrations;
    for (size_t end = migrations.size(); end > 0;) {
      const auto down = question_.scripts.by_migration.find(migrations[end - 1].name);
      if (down != question_.scripts.by_migration.end()) {
        --end;
        const std::string& name = migrations[end].name;
        script.text += "-- down.sql of " + Printable(name) + "\n";
        const std::string text = sql::EndStatement(down->second) + "\n";
        TRY(AddStep(script, difference::UndescribedStatements(text), text, "down.sql of " + name,
                    down->second));
        continue;
      }
      std::string renames;
      while (end > 0 && !question_.scripts.by_migration.contains(migrations[end - 1].name)) {
        --end;
        for (const RevertedRename& rename : question_.renames) {
          if (rename.migration == migrations[end].name) TRY(Revert(rename.statement, renames));
        }
      }
      script.text += renames;
      Append(difference::RenamingStatements(renames), script.statements);
      TRY(AddDifferenceStep(script, end));
    }
    return {};
  }

  // To the state before the migration at `at`.
  Status AddDifferenceStep(ComposedRollback& script, size_t at) {
    std::optional<catalog::Database> made;
    if (at > 0) {
      TRY_ASSIGN(made, scene_.StateBefore(question_.migrations[at].name));
    }
    TRY_ASSIGN(const catalog::Database here, ReadHere());
    TRY_ASSIGN(difference::Script step, Difference(here, made ? *made : question_.older));
    for (difference::Statement& statement : step.statements) {
      statement.placement = difference::Placement::kTogether;
    }
    return AddStep(script, step.statements, difference::RenderCommented(step.statements),
                   "the difference before " + question_.migrations[at].name);
  }

  Status AddStep(ComposedRollback& script, const std::vector<difference::Statement>& statements,
                 const std::string& text, const std::string& what, std::string_view by_hand = {}) {
    Append(statements, script.statements);
    script.text += text;
    const postgres::Outcome outcome = session().Run(text);
    if (!outcome.error) return {};
    return ScriptRefused(ErrorCode::kNoRollback, what, *outcome.error, {by_hand});
  }

  const RollbackQuestion& question_;
  const catalog::Database& newer_;
  RollbackScene& scene_;
  int moved_ = 0;  // objects that had to give way to a rename
};

}  // namespace

RollbackOrigin OriginByHand(const RollbackQuestion& question) {
  if (question.scripts.by_version.contains(question.to)) return RollbackOrigin::kScript;
  const bool any = std::any_of(
      question.migrations.begin(), question.migrations.end(),
      [&](const auto& one) { return question.scripts.by_migration.contains(one.name); });
  return any ? RollbackOrigin::kDownScripts : RollbackOrigin::kNone;
}

Result<ComposedRollback> ComposeRollback(const RollbackQuestion& question,
                                         const catalog::Database& newer, RollbackScene& scene) {
  return RollbackComposer(question, newer, scene).Compose();
}

}  // namespace ballast::proof
