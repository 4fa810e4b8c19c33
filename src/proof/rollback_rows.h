// SPDX-License-Identifier: Apache-2.0
// Judges what a rollback does to rows, by digests of the rows and of the values of columns: before
// its script, after it, and after the upgrade that follows.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "proof/column_digests.h"
#include "proof/physical_columns.h"
#include "proof/rollback_composer.h"
#include "proof/rollback_losses.h"
#include "proof/rollback_question.h"
#include "proof/rollback_scene.h"
#include "proof/sample_rows.h"
#include "release/previous_release.h"

namespace ballast::proof {

// The functions are called in their order. Errors: those of the server, and B512 for a rollback
// that changes rows in a way that it must not. The arguments of the constructor must outlive it.
class RollbackRows {
 public:
  RollbackRows(const RollbackQuestion& question, const ComposedRollback& script,
               const catalog::Database& newer, RollbackScene& scene);

  // Before the script. `columns`: all that exist.
  Status ReadBefore(const PhysicalColumns& columns);

  // The tables were emptied, so their rows are not compared.
  void Forget() {
    before_.clear();
    values_before_.clear();
    counts_before_.clear();
  }

  // Whether the script's own conversion makes NULL of values of the column, which is a loss.
  // `column`: after the script.
  bool BecomesNull(const PhysicalColumn& column) const;

  // Whether the column's table had rows before the script.
  bool HadRows(const PhysicalColumn& column) const;

  // After the script. Returns how many rows it has removed from a table (quoted), without those
  // from which it has removed none; nullopt if that is not known, because there are no rows to
  // compare. A script that was written by hand may remove rows that the newer migrations have
  // inserted, but not those of users, as which the sample rows count. (A table with a sample row
  // has no other.) A column that the script drops and adds again has other values, which is a loss
  // and not a change. `columns`: those before the script.
  Result<std::optional<std::map<std::string, int64_t>>> CompareAfterScript(
      const SampleRows& samples, const PhysicalColumns& columns);

  // After the script: whether it gives the table rows, or the column other values than its default.
  Result<bool> IsFilled(const MadeAgain& made) const;

  // After the upgrade that follows: of the columns that the script keeps, those that the upgrade
  // drops, to add others of the same names without their values. Not those whose values the
  // migrations copy or convert. A whole table if its rows are gone.
  Result<std::vector<release::RollbackLoss>> DroppedByUpgrade(const PhysicalColumns& before,
                                                              const PhysicalColumns& back);

  // After the upgrade that follows. `redefined`: the columns that the script gives another name or
  // type, as they were before. Their values come back when the migrations run again; otherwise
  // these convert values in a way that the rollback does not undo. That is B512, or a sentence if
  // somebody has written how each migration is reverted; empty if they come back.
  Result<std::string> CompareColumns(const std::vector<PhysicalColumn>& redefined);

  // After the upgrade that follows: whether rows that both states have are not as they were.
  Result<bool> AreChanged() const;

  // Sentences about migrations that insert rows which the rollback keeps, or change rows of users
  // (a price in another unit), and do it again after the rollback. Others do it only once (to lower
  // case, or for rows that are not there yet), which another round shows: `back_and_forward` runs
  // the script and the upgrade once more. `back`: the columns after the script.
  Result<std::vector<std::string>> FindRepeatedChanges(
      const PhysicalColumns& back, const std::function<Status()>& back_and_forward);

 private:
  // By OID.
  using TableCounts = std::map<std::string, int64_t>;

  postgres::Session& session() const { return scene_.session(); }
  Result<TableCounts> CountRows(const PhysicalColumns& columns) const;
  static std::set<std::string> Grown(const TableCounts& before, const TableCounts& now,
                                     const PhysicalColumns& back);
  bool HasAllScripts() const;
  Result<std::vector<std::string>> NotOfMigrations(const std::vector<std::string>& tables,
                                                   const std::vector<TableDigest>& after,
                                                   const SampleRows& samples);
  Result<std::vector<std::string>> ChangedBesidesDropped(const std::vector<std::string>& tables,
                                                         const PhysicalColumns& columns);
  Result<bool> HasOnlyDefaults(const PhysicalColumn& column);
  std::string DefaultOf(const PhysicalColumn& column, const catalog::Database& database) const;
  Status OmitReplaced(const PhysicalColumns& columns, std::vector<TableDigest>& after) const;
  Status OmitPartsOf(const std::set<std::string>& oids, std::vector<std::string>& tables) const;
  std::vector<std::string> NamesOf(const std::set<std::string>& oids,
                                   const PhysicalColumns& columns) const;
  std::string OfScript() const;
  std::string NameOf(const std::string& qualified) const;

  const RollbackQuestion& question_;
  const ComposedRollback& script_;
  const catalog::Database& newer_;
  RollbackScene& scene_;
  catalog::Database named_;          // the newer state without the names that the script reverts
  std::vector<TableDigest> before_;  // of the newer state
  ColumnDigests values_before_;      // the same of all columns
  TableCounts counts_before_;        // the same of the rows
};

}  // namespace ballast::proof
