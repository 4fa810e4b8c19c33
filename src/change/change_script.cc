// SPDX-License-Identifier: Apache-2.0
#include "change/change_script.h"

#include <string_view>
#include <utility>

#include "catalog/object_identity.h"
#include "plan/copied_rows.h"
#include "plan/kept_data.h"
#include "plan/loss_guard.h"
#include "plan/row_guard.h"
#include "release/rollback_script.h"
#include "sql/constraint_kind.h"
#include "sql/key_columns.h"
#include "sql/lexer.h"

namespace ballast::change {
namespace {

plan::LostColumns ColumnsLost(const std::vector<release::RollbackLoss>& losses) {
  plan::LostColumns columns;
  for (const release::RollbackLoss& lost : losses) {
    if (lost.table.empty() || lost.column.empty()) continue;
    columns.tables.push_back(lost.table);
    columns.columns.push_back(lost.column);
  }
  return columns;
}

// The primary key that the table has in the goal. A package has no model, only the snapshot.
std::vector<std::string> OlderKeyOf(const std::string& table, const catalog::Snapshot& goal) {
  for (const catalog::ObjectProperty& property : goal) {
    const bool is_key = property.kind == "constraint" && property.property == "definition" &&
                        sql::ConstraintKindOf(property.value) == sql::ConstraintKind::kPrimaryKey;
    if (!is_key) continue;
    const std::string owner = catalog::PlaceOf(property.kind, property.object).parent;
    if (catalog::PartsOf(owner) == catalog::PartsOf(table)) {
      return sql::ColumnsOfKey(property.value);
    }
  }
  return {};
}

}  // namespace

ChangeText TextOf(const std::vector<difference::Statement>& statements) {
  ChangeText text;
  for (const difference::Statement& statement : statements) {
    const bool first = statement.placement == difference::Placement::kCommitFirst;
    (first ? text.first : text.rest) += statement.text;
  }
  return text;
}

ChangeText TextOf(const proof::ProvenRollback& rollback) {
  ChangeText text;
  std::vector<std::string> parts = release::RollbackTransactions(rollback.script);
  text.rest = sql::EndStatement(std::move(parts.back()));
  if (parts.size() > 1) text.first = sql::EndStatement(parts.front());
  if (plan::MayChangeRows(rollback.script)) {
    text.removable = rollback.removed_rows;
  } else if (IsWrittenByHand(rollback.record.origin)) {
    text.code = sql::EvaluatedBy(rollback.script);
    if (!text.code->None()) text.removable = rollback.removed_rows;
  }
  return text;
}

// Nothing is read through policies before the script runs: hidden rows would be lost.
std::string Guarded(const ChangeText& text, const ScriptGuards& guards) {
  if (text.rest.empty()) return {};
  std::string before = "SET LOCAL check_function_bodies = false;\n" +
                       plan::LossGuardBefore(guards.losses, guards.without_data);
  std::string after = plan::LossGuardAfter();
  const std::vector<std::string> made = plan::TablesToCompare(text.rest, guards.losses);
  if (!made.empty()) {
    before += plan::CopiedRowsBefore(made, guards.losses, true);
    after = "SET LOCAL row_security = off;\n" + plan::CopiedRowsAfter(true, false) +
            "SET LOCAL row_security = on;\n" + after;
  }
  if (text.removable) {
    before += plan::RowGuardBefore(*text.removable, text.code ? &*text.code : nullptr);
    after = plan::RowGuardAfter() + after;
  }
  if (!guards.keep_data.empty()) {
    before += guards.keep_data;
    after += plan::MarkReplacedSql();
  }
  return "SET LOCAL row_security = off;\n" + before + "SET LOCAL row_security = on;\n" + text.rest +
         after;
}

std::string KeepingSql(const std::string& schema, const std::vector<release::RollbackLoss>& to_keep,
                       const std::vector<release::RollbackLoss>& losses,
                       const catalog::Snapshot& goal) {
  std::vector<plan::DataToKeep> data;
  data.reserve(to_keep.size());
  for (const release::RollbackLoss& lost : to_keep) {
    data.push_back({lost.table, lost.column, OlderKeyOf(lost.table, goal)});
  }
  return plan::KeepDataSql(schema, data, ColumnsLost(losses));
}

}  // namespace ballast::change
