// SPDX-License-Identifier: Apache-2.0
#include "plan/restore_kept_data.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "base/text.h"
#include "plan/kept_data.h"
#include "plan/plan_builder.h"
#include "plan/restore_kept_data_sql.h"
#include "plan/sequence_values.h"
#include "sql/computed_rows.h"
#include "sql/quote.h"
#include "sql/renames.h"

namespace ballast::plan {
namespace {

// A row for each, in order: schema, bare, col, fresh.
std::string RenamesSql(const std::vector<sql::Rename>& renames) {
  std::vector<std::string> columns[4];
  for (const sql::Rename& rename : renames) {
    columns[0].push_back(rename.table.schema);
    columns[1].push_back(rename.table.name);
    columns[2].push_back(rename.column);
    columns[3].push_back(rename.to);
  }
  std::vector<std::string> arrays;
  arrays.reserve(std::size(columns));
  for (const auto& column : columns)
    arrays.push_back("pg_catalog.unnest(" + sql::QuoteTextArray(column) + ")");
  return "ROWS FROM (" + Join(arrays, ", ") + ") AS r(schema, bare, col, fresh)";
}

bool AddsEnumValues(const Transaction& transaction) {
  return std::ranges::any_of(transaction.steps, [](const Step& step) {
    const auto* run = std::get_if<RunScript>(&step.act);
    return run != nullptr && run->adds_enum_values;
  });
}

// After the scripts, and before the comparison of them.
std::vector<Step>::iterator PlaceIn(std::vector<Step>& steps) {
  const auto last = std::find_if(steps.rbegin(), steps.rend(), [](const Step& step) {
    return std::holds_alternative<RunScript>(step.act);
  });
  const auto verify = std::find_if(last.base(), steps.end(), [](const Step& step) {
    return std::holds_alternative<VerifyCatalog>(step.act);
  });
  return verify;
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
// also under the names that `renames` gives them; the rest remains. Rows that cannot be restored
// (because of a constraint) also remain, with a notice. From here on, all constraints are checked
// at once, also those that are deferred. A replaced column receives values only
// where it is NULL or has what the rollback has made of the value. A row that the upgrade has made
// again becomes the kept one; of the tables `computed` (raw names), whose rows it has computed from
// others, only NULLs are replaced. Does nothing if there is no kept data. For each copy that
// remains, a notice begins with its name and says how many rows were not restored, and why.
std::string RestoreDataSql(const std::string& schema, const std::set<std::string>& computed,
                           const std::vector<sql::Rename>& renames) {
  std::string body = RestoreDataBody();
  body = ReplaceAll(body, "@sequences", ContinueSequencesLoop("home"));
  body = ReplaceAll(body, "@mine", IsKeptSql(schema));
  body = ReplaceAll(body, "@schema", sql::QuoteLiteral(schema));
  body = ReplaceAll(body, "@has_renames", renames.empty() ? "false" : "true");
  body = ReplaceAll(body, "@renames", RenamesSql(renames));
  body =
      ReplaceAll(body, "@computed",
                 sql::QuoteTextArray(std::vector<std::string>(computed.begin(), computed.end())));
  return "DO $ballast$\n" + body + "$ballast$;\n";
}

}  // namespace

void AddKeptData(Plan& plan, const std::string& schema) {
  if (plan.empty()) return;
  std::set<std::string> computed;
  std::vector<sql::Rename> renames;
  for (const Step* step : StepsOf(plan)) {
    const auto* run = std::get_if<RunScript>(&step->act);
    if (run == nullptr) continue;
    computed.merge(sql::TablesWithComputedRows(run->Script()));
    for (sql::Rename& one : sql::RenamesIn(run->Script())) {
      if (one.column.empty() && computed.contains(one.table.name)) computed.insert(one.to);
      renames.push_back(std::move(one));
    }
  }
  if (plan.transactions.back().mode != ScriptMode::kInTransaction) plan.transactions.emplace_back();
  std::vector<Step>* steps = &plan.transactions.back().steps;
  auto place = PlaceIn(*steps);
  if (AddsEnumValues(plan.transactions.back())) {
    steps = &MoveApart(plan, place);
    place = steps->begin();
  }
  steps->insert(place, {RestoreKeptData{RestoreDataSql(schema, computed, renames)}, ""});
  RecordIfSeveral(plan);
}

}  // namespace ballast::plan
