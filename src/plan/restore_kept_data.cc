// SPDX-License-Identifier: Apache-2.0
#include "plan/restore_kept_data.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "base/fill_template.h"
#include "base/text.h"
#include "plan/kept_data.h"
#include "plan/kept_row_digests.h"
#include "plan/plan_builder.h"
#include "plan/restore_kept_data_sql.h"
#include "plan/sequence_values.h"
#include "sql/computed_rows.h"
#include "sql/created_columns.h"
#include "sql/quote.h"
#include "sql/renames.h"

namespace ballast::plan {
namespace {

// What the scripts of an upgrade say about the tables of kept data.
struct ScriptContents {
  std::set<sql::ComputedColumn> computed;  // whose values come from other rows
  std::vector<sql::Rename> renames;
  std::vector<sql::CreatedColumn> created;
};

void Follow(const sql::Rename& rename, ScriptContents& contents) {
  const bool is_table = rename.column.empty();
  const auto concerns = [&](const std::string& table, const std::string& column) {
    return table == rename.table.name && (is_table || column == rename.column);
  };
  for (const sql::ComputedColumn& one : std::set(contents.computed)) {
    if (!concerns(one.table, one.column)) continue;
    contents.computed.insert(is_table ? sql::ComputedColumn{rename.to, one.column}
                                      : sql::ComputedColumn{one.table, rename.to});
  }
  const size_t known = contents.created.size();
  for (size_t i = 0; i < known; ++i) {
    sql::CreatedColumn created = contents.created[i];
    if (!concerns(created.table.name, created.column)) continue;
    (is_table ? created.table.name : created.column) = rename.to;
    contents.created.push_back(std::move(created));
  }
}

ScriptContents ContentsOf(const Plan& plan) {
  ScriptContents contents;
  for (const Step* step : StepsOf(plan)) {
    const auto* run = std::get_if<RunScript>(&step->act);
    if (run == nullptr) continue;
    contents.computed.merge(sql::ComputedColumnsIn(run->Script()));
    for (sql::CreatedColumn& one : sql::CreatedColumnsIn(run->Script())) {
      contents.created.push_back(std::move(one));
    }
    for (sql::Rename& rename : sql::RenamesIn(run->Script())) {
      Follow(rename, contents);
      contents.renames.push_back(std::move(rename));
    }
  }
  return contents;
}

std::string RowsSql(const std::vector<std::vector<std::string>>& columns,
                    const std::string& alias) {
  std::vector<std::string> arrays;
  arrays.reserve(columns.size());
  for (const auto& column : columns) {
    arrays.push_back("pg_catalog.unnest(" + sql::QuoteTextArray(column) + ")");
  }
  return "ROWS FROM (" + Join(arrays, ", ") + ") AS " + alias;
}

std::string RenamesSql(const std::vector<sql::Rename>& renames) {
  std::vector<std::vector<std::string>> columns(4);
  for (const sql::Rename& rename : renames) {
    columns[0].push_back(rename.table.schema);
    columns[1].push_back(rename.table.name);
    columns[2].push_back(rename.column);
    columns[3].push_back(rename.to);
  }
  return RowsSql(columns, "r(schema, bare, col, fresh)");
}

std::string CreatedSql(const std::vector<sql::CreatedColumn>& created) {
  std::vector<std::vector<std::string>> columns(2);
  for (const sql::CreatedColumn& one : created) {
    columns[0].push_back(one.table.name);
    columns[1].push_back(one.column);
  }
  return RowsSql(columns, "m(bare, col)");
}

std::string ComputedSql(const std::set<sql::ComputedColumn>& computed) {
  std::vector<std::vector<std::string>> columns(2);
  for (const sql::ComputedColumn& one : computed) {
    columns[0].push_back(one.table);
    columns[1].push_back(one.column);
  }
  return RowsSql(columns, "m(bare, col)");
}

bool AddsEnumValues(const Transaction& transaction) {
  return std::ranges::any_of(transaction.steps, [](const Step& step) {
    const auto* run = std::get_if<RunScript>(&step.act);
    return run != nullptr && run->adds_enum_values;
  });
}

bool IsScript(const Step& step) {
  return std::holds_alternative<RunScript>(step.act);
}

// After the scripts, and before the comparison of them.
std::vector<Step>::iterator PlaceIn(std::vector<Step>& steps) {
  const auto last = std::find_if(steps.rbegin(), steps.rend(), IsScript);
  const auto verify = std::find_if(last.base(), steps.end(), [](const Step& step) {
    return std::holds_alternative<VerifyCatalog>(step.act);
  });
  return verify;
}

// Before the scripts, if all of them are in the last transaction.
void AddObservation(Plan& plan, const std::string& schema) {
  std::vector<Step>& steps = plan.transactions.back().steps;
  const auto scripts = std::ranges::count_if(steps, IsScript);
  const auto all =
      std::ranges::count_if(StepsOf(plan), [](const Step* step) { return IsScript(*step); });
  if (scripts == 0 || scripts != all) return;
  steps.insert(std::ranges::find_if(steps, IsScript),
               {RestoreKeptData{ObserveRowsSql(schema), true}, ""});
}

// The steps from `place` on get a transaction of their own.
std::vector<Step>& MoveApart(Plan& plan, std::vector<Step>::iterator place) {
  std::vector<Step>& steps = plan.transactions.back().steps;
  Transaction rest;
  rest.steps.assign(std::make_move_iterator(place), std::make_move_iterator(steps.end()));
  steps.erase(place, steps.end());
  plan.transactions.push_back(std::move(rest));
  return plan.transactions.back().steps;
}

// SQL for inside a transaction, after the upgrade, and not in one that adds values to the enums: it
// restores the data that was kept from this target schema to tables and columns that exist again,
// also under the names that the scripts give them; the rest remains. Rows that cannot be restored
// (because of a constraint) also remain, with a notice. From here on, all constraints are checked
// at once, also those that are deferred. A replaced column receives values only where it is NULL or
// has what the rollback has made of the value, unless the upgrade has made it again. Of a column
// that the upgrade has made, values that its scripts have computed remain in rows that the older
// release has changed (restore_kept_column_sql.h). A row that the upgrade has made again becomes
// the kept one; of tables whose rows it has computed from others, only NULLs are replaced.
// Sequences of the tables continue after the values of the rows that remain, too. Does nothing if
// there is no kept data. For each copy that remains, a notice begins with its name and says how
// many rows were not restored, and why.
std::string RestoreDataSql(const std::string& schema, const ScriptContents& contents) {
  const std::string body = FillTemplate(
      RestoreDataBody(), {{"@sequences_of_copy", ContinueAfterCopyLoop("home", "kept.place")},
                          {"@sequences", ContinueSequencesLoop("home")},
                          {"@mine", IsKeptSql(schema)},
                          {"@schema", sql::QuoteLiteral(schema)},
                          {"@has_renames", contents.renames.empty() ? "false" : "true"},
                          {"@renames", RenamesSql(contents.renames)},
                          {"@made", CreatedSql(contents.created)},
                          {"@computed", ComputedSql(contents.computed)}});
  return "DO $ballast$\n" + body + "$ballast$;\n";
}

}  // namespace

void AddKeptData(Plan& plan, const std::string& schema) {
  if (plan.empty()) return;
  const ScriptContents contents = ContentsOf(plan);
  if (plan.transactions.back().mode != ScriptMode::kInTransaction) plan.transactions.emplace_back();
  std::vector<Step>* steps = &plan.transactions.back().steps;
  auto place = PlaceIn(*steps);
  if (AddsEnumValues(plan.transactions.back())) {
    steps = &MoveApart(plan, place);
    place = steps->begin();
  }
  steps->insert(place, {RestoreKeptData{RestoreDataSql(schema, contents), false}, ""});
  AddObservation(plan, schema);
  RecordIfSeveral(plan);
}

}  // namespace ballast::plan
