// SPDX-License-Identifier: Apache-2.0
#include "proof/rollback_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "proof/rollback_renames.h"
#include "proof/script_errors.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

// Tables with fewer rows than before, and how many they have lost.
std::map<std::string, int64_t> RemovedRowsOf(const std::vector<TableDigest>& before,
                                             const std::vector<TableDigest>& after) {
  const auto number = [](const TableDigest& table) { return std::atoll(table.count.c_str()); };
  std::map<std::string, int64_t> left;
  for (const TableDigest& table : after) left[table.table] = number(table);
  std::map<std::string, int64_t> removed;
  for (const TableDigest& table : before) {
    const auto now = left.find(table.table);
    if (now == left.end() || number(table) <= now->second) continue;
    removed[table.table] = number(table) - now->second;
  }
  return removed;
}

// A sentence about migrations that change this.
std::string RepeatedChange(const std::string& what) {
  return "the migrations change " + what +
         " each time they run, and the rollback does not change them back: an upgrade after it "
         "changes them twice";
}

}  // namespace

RollbackRows::RollbackRows(const RollbackQuestion& question, const ComposedRollback& script,
                           const catalog::Database& newer, RollbackScene& scene)
    : question_(question),
      script_(script),
      newer_(newer),
      scene_(scene),
      named_(script.renames.empty() ? newer : WithoutRenamed(newer, script.renamed)) {}

Status RollbackRows::ReadBefore(const PhysicalColumns& columns) {
  TRY_ASSIGN(before_, DigestsOfCommonRows(named_, question_.older, session()));
  std::vector<PhysicalColumn> all;
  for (const auto& [place, column] : columns) all.push_back(column);
  TRY_ASSIGN(values_before_, DigestsOf(all, session()));
  return {};
}

Result<std::optional<std::map<std::string, int64_t>>> RollbackRows::CompareAfterScript(
    const SampleRows& samples) {
  TRY_ASSIGN(const auto after, DigestsOfCommonRows(question_.older, named_, session()));
  std::vector<std::string> harmed = ChangedTables(before_, after);
  if (!harmed.empty() && IsWrittenByHand(script_.origin)) {
    TRY_ASSIGN(harmed, NotOfMigrations(harmed, after, samples));
  }
  if (!harmed.empty()) {
    return MakeError(ErrorCode::kNoRollback, "the rollback changes rows of " + JoinSome(harmed));
  }
  // With no rows before, the script ran on empty tables only.
  std::optional<std::map<std::string, int64_t>> removed;
  if (!before_.empty()) removed = RemovedRowsOf(before_, after);
  return removed;
}

// Of these tables, those that have a sample row or are not as the older migrations make them.
Result<std::vector<std::string>> RollbackRows::NotOfMigrations(
    const std::vector<std::string>& tables, const std::vector<TableDigest>& after,
    const SampleRows& samples) {
  TRY_ASSIGN(const std::vector<TableDigest> older, scene_.OlderRows(question_.older, newer_));
  const std::vector<std::string> different = ChangedTables(older, after);
  std::vector<std::string> changed;
  for (const std::string& table : tables) {
    TRY_ASSIGN(const bool sample, HasSampleRow(table, samples, session()));
    const bool differs = std::find(different.begin(), different.end(), table) != different.end();
    if (sample || differs) changed.push_back(table);
  }
  return changed;
}

Result<std::string> RollbackRows::CompareColumns(const std::vector<PhysicalColumn>& redefined) {
  TRY_ASSIGN(const ColumnDigests now, DigestsOf(redefined, session()));
  const std::vector<std::string> changed = ChangedColumns(values_before_, now);
  if (changed.empty()) return std::string();
  std::vector<std::string> names;
  const std::string schema = sql::QuoteIdentifier(session().target().SchemaOrPublic()) + ".";
  for (const std::string& name : changed) {
    names.push_back(name.starts_with(schema) ? name.substr(schema.size()) : name);
  }
  if (HasAllScripts()) return RepeatedChange("the values of " + JoinSome(names));
  return MakeError(
      ErrorCode::kNoRollback,
      fmt::format("the migrations convert the values of {}, and the rollback does not convert them "
                  "back: write statements that do, in a down.sql next to the migration",
                  JoinSome(names)));
}

// Whether somebody has written how each migration is reverted.
bool RollbackRows::HasAllScripts() const {
  if (script_.origin == release::RollbackOrigin::kScript) return true;
  return std::all_of(
      question_.migrations.begin(), question_.migrations.end(),
      [&](const std::string& name) { return question_.scripts.by_migration.contains(name); });
}

Result<std::string> RollbackRows::FindRepeatedChanges(
    const std::function<Status()>& back_and_forward) {
  if (before_.empty()) return std::string();
  TRY_ASSIGN(const auto once, DigestsOfCommonRows(named_, question_.older, session()));
  if (ChangedTables(before_, once).empty()) return std::string();
  Status again = back_and_forward();
  if (!again) {
    if (IsAboutScripts(again.error())) return std::string();
    return std::move(again).error();
  }
  TRY_ASSIGN(const auto twice, DigestsOfCommonRows(named_, question_.older, session()));
  const std::vector<std::string> changed = ChangedTables(once, twice);
  return changed.empty() ? std::string() : RepeatedChange("rows of " + JoinSome(changed));
}

}  // namespace ballast::proof
