// SPDX-License-Identifier: Apache-2.0
// What a rollback loses: by the statements that ballast has written, and by the catalogs before and
// after a script, which need no description.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "difference/difference.h"
#include "postgres/session.h"
#include "proof/physical_columns.h"
#include "release/migration.h"
#include "release/previous_release.h"

namespace ballast::proof {

// What the statements lose, in their order. `from`: the state that they change. The partitions of a
// table that is dropped with all of them are lost as that table, by whose name users know the rows.
std::vector<release::RollbackLoss> LossesOf(const std::vector<difference::Statement>& statements,
                                            const catalog::Database& from);

// Adds losses, each in place of one of the same object.
void AddLosses(const std::vector<release::RollbackLoss>& more,
               std::vector<release::RollbackLoss>& losses);

// The columns of the newer state, read before the script runs.
struct ColumnsBefore {
  PhysicalColumns columns;
  std::string unlisted;  // the value of plan::ColumnsSql without those that are listed
};

// `listed`: the losses that the statements of the script list. `from` and `to`: the states before
// and after it. Errors as Session::Query.
Result<ColumnsBefore> ReadColumnsBefore(const std::string& script,
                                        const std::vector<release::RollbackLoss>& listed,
                                        const catalog::Database& from, const catalog::Database& to,
                                        postgres::Session& session);

// After the script: the tables and columns that no longer exist, without those that are listed, and
// without those whose values are in a new table of the same name (plan/copied_rows.h). `with_rows`:
// a table without rows shows nothing. Errors as Session::Query.
Result<std::vector<release::RollbackLoss>> DroppedSince(const ColumnsBefore& before, bool with_rows,
                                                        postgres::Session& session);

// The loss of a column, or with an empty one of its whole table.
release::RollbackLoss LossOf(const PhysicalColumn& column, const std::string& target_schema,
                             bool whole_table);

// A column, or the table of this column, that a script makes and the newer state does not have. The
// upgrade has dropped it, so its data does not come back.
struct MadeAgain {
  PhysicalColumn column;  // after the script
  bool whole_table = false;
  release::RollbackLoss record;
};

// `now`: the columns after the script. Sorted by schema, table and number of the column.
std::vector<MadeAgain> MadeAgainSince(const PhysicalColumns& before, const PhysicalColumns& now,
                                      const std::string& target_schema);

// A script, and the states before and after it.
struct ConvertingScript {
  const catalog::Database& from;
  const catalog::Database& to;
  std::string target_schema;  // raw
  // Values that ballast's own conversion refuses are then lost, too: another one may replace them,
  // where a statement that ballast has written fails.
  bool by_hand = false;
  // The columns ("column \"U\".\"r\"") that a statement of ballast's own converts nevertheless.
  std::set<std::string> own_conversions = {};
  // `from` and its columns after the renames that the script begins with; null without renames.
  const catalog::Database* renamed = nullptr;
  const PhysicalColumns* renamed_columns = nullptr;
};

// The columns of which the script converts values to ones that are not the same when they are
// converted back. `now`: the columns after it.
std::vector<release::RollbackLoss> ConvertedSince(const PhysicalColumns& before,
                                                  const PhysicalColumns& now,
                                                  const ConvertingScript& script);

// The same for columns that the script converts between timestamps with and without time zone at
// one of these zones: the hour that is skipped and the one that comes twice when the clocks change.
std::vector<release::RollbackLoss> ConvertedAtZones(const PhysicalColumns& before,
                                                    const PhysicalColumns& now,
                                                    const ConvertingScript& script,
                                                    const std::vector<std::string>& zones);

// The values of columns that a script written by hand converts or computes: it is not known whether
// the upgrade gives them again, so all are lost. If the script and the migrations each convert the
// column by one expression of its own, those that differ after both are. `text`: the script;
// `upgrade`: the migrations.
std::vector<release::RollbackLoss> ConvertedByHand(const PhysicalColumns& before,
                                                   const PhysicalColumns& now,
                                                   const ConvertingScript& script,
                                                   const std::string& text,
                                                   const std::vector<release::Migration>& upgrade);

}  // namespace ballast::proof
