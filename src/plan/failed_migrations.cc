// SPDX-License-Identifier: Apache-2.0
#include "plan/failed_migrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/shell_word.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "plan/statement_progress.h"
#include "sql/classify.h"

namespace ballast::plan {
namespace {

// Tables, columns, other objects, schemas, functions.
constexpr std::array<std::string_view, 5> kDuplicateObject = {
    sqlstate::kDuplicateTable, sqlstate::kDuplicateColumn, sqlstate::kDuplicateObject,
    sqlstate::kDuplicateSchema, sqlstate::kDuplicateFunction};

constexpr std::array<std::string_view, 5> kUndefinedObject = {
    sqlstate::kUndefinedTable, sqlstate::kUndefinedColumn, sqlstate::kUndefinedObject,
    sqlstate::kUndefinedFunction, sqlstate::kInvalidSchemaName};

std::string FirstLine(const std::string& text) {
  const std::string_view trimmed = Trim(text);
  return std::string(trimmed.substr(0, trimmed.find('\n')));
}

const release::Migration* FindAsRun(const std::vector<release::Migration>& migrations,
                                    const MigrationRow& row) {
  const auto found = std::find_if(migrations.begin(), migrations.end(), [&](const auto& m) {
    return m.name == row.name && m.script && m.checksum == row.checksum;
  });
  return found == migrations.end() ? nullptr : &*found;
}

std::set<std::string> FinishedNames(const Observation& observation) {
  std::set<std::string> names;
  for (const MigrationRow& row : observation.rows) {
    if (row.finished && !row.rolled_back) names.insert(row.name);
  }
  return names;
}

std::set<std::string> NamesOf(const ComparedState& state) {
  std::set<std::string> names;
  for (const release::Coverage* rows : {&state.run, &state.resolved}) {
    for (const release::CoveredMigration& row : *rows) names.insert(row.name);
  }
  return names;
}

const FailureEvidence* EvidenceOf(const Observation& observation, const std::string& name) {
  const auto found = std::find_if(observation.failures.begin(), observation.failures.end(),
                                  [&](const FailureEvidence& e) { return e.name == name; });
  return found == observation.failures.end() ? nullptr : &*found;
}

// What is there proves that the migration made it only if nothing of that name was in its way.
void AddEvidence(const FailureEvidence& evidence, std::vector<std::string>& lines) {
  if (!evidence.reason.empty()) lines.push_back("  " + evidence.reason);
  const bool part = evidence.effects == EffectsPresent::kPart;
  if (!part && evidence.effects != EffectsPresent::kUnknown) return;
  for (const std::string& object : evidence.present) {
    lines.push_back((part ? "  applied: " : "  present: ") + object);
  }
  for (const std::string& object : evidence.absent) lines.push_back("  missing: " + object);
}

void AddRemedies(const FailureEvidence& evidence, std::vector<std::string>& remedies) {
  const std::string applied = "ballast resolve --applied " + ShellWord(evidence.name);
  const std::string rolled_back = "ballast resolve --rolled-back " + ShellWord(evidence.name);
  switch (evidence.effects) {
    case EffectsPresent::kAll:
      remedies.push_back("all of its changes were applied: " + applied);
      remedies.push_back("or undo it by hand and run it again: " + rolled_back);
      break;
    case EffectsPresent::kNone:
      remedies.push_back("none of its changes were applied: fix the cause, then: " + rolled_back +
                         " and deploy again");
      remedies.push_back("or apply its changes by hand, then: " + applied);
      break;
    case EffectsPresent::kPart:
      remedies.push_back("undo what was applied, then: " + rolled_back + " and deploy again");
      remedies.push_back("or apply what is missing, then: " + applied);
      break;
    case EffectsPresent::kUnknown:
      remedies.push_back("if its changes were applied: " + applied);
      remedies.push_back("if they are undone: " + rolled_back);
  }
}

}  // namespace

namespace {

// Whether logs, ballast's or Prisma's, have this SQLSTATE; without one, whether they have any.
bool HasSqlState(std::string_view logs, std::string_view sqlstate = {}) {
  return logs.find(fmt::format("SQLSTATE {}", sqlstate)) != logs.npos ||
         logs.find(fmt::format("Database error code: {}", sqlstate)) != logs.npos;
}

}  // namespace

bool IsDuplicateObject(std::string_view sqlstate) {
  return std::ranges::find(kDuplicateObject, sqlstate) != kDuplicateObject.end();
}

bool FailedWithDuplicateObject(std::string_view logs) {
  return std::ranges::any_of(
      kDuplicateObject, [&](std::string_view sqlstate) { return HasSqlState(logs, sqlstate); });
}

bool FailedWithUndefinedObject(std::string_view logs) {
  return std::ranges::any_of(
      kUndefinedObject, [&](std::string_view sqlstate) { return HasSqlState(logs, sqlstate); });
}

std::string_view NameOf(EffectsPresent effects) {
  switch (effects) {
    case EffectsPresent::kAll:
      return "all";
    case EffectsPresent::kPart:
      return "part";
    case EffectsPresent::kNone:
      return "none";
    case EffectsPresent::kUnknown:
      return "unknown";
  }
  return "";
}

std::string ErrorIn(const std::string& logs) {
  if (const auto progress = ProgressIn(logs)) {
    const std::string error = FirstLine(std::string(ErrorAfterProgress(logs)));
    return fmt::format("{} of {} statements applied{}{}", progress->done, progress->count,
                       error.empty() ? "" : "; then ", error);
  }
  constexpr std::string_view kMark = "Database error:";
  const size_t mark = logs.find(kMark);
  return FirstLine(mark == std::string::npos ? logs : logs.substr(mark + kMark.size()));
}

const release::Migration* ScriptOfRow(const Intent& intent, const MigrationRow& row) {
  if (const auto* history = std::get_if<FollowHistory>(&intent)) {
    return FindAsRun(history->migrations, row);
  }
  const auto& release = std::get<ApplyRelease>(intent);
  const release::Migration* hotfix = FindAsRun(release.hotfixes, row);
  return hotfix != nullptr ? hotfix : FindAsRun(release.History(), row);
}

namespace {

// A state that the catalog equals, with these rows.
const ComparedState* EqualStateWith(const Observation& observation,
                                    const std::set<std::string>& rows) {
  const auto found = std::ranges::find_if(observation.compared, [&](const ComparedState& state) {
    return state.equal && !state.schema_only && NamesOf(state) == rows;
  });
  return found == observation.compared.end() ? nullptr : &*found;
}

bool MayWriteRows(const release::Migration* migration) {
  return migration == nullptr || sql::AnalyzeScript(migration->script.TextOrEmpty()).writes_rows;
}

}  // namespace

bool FailedAsAWhole(const MigrationRow& row, const release::Migration& migration) {
  const sql::ScriptProperties script = sql::AnalyzeScript(migration.script.TextOrEmpty());
  const bool atomic =
      script.statements == 1 && !script.outside_transaction && !script.transaction_control;
  return atomic && HasSqlState(row.logs);
}

std::optional<FailureEvidence> EvidenceByState(const Observation& observation,
                                               const std::string& name,
                                               const release::Migration* migration) {
  std::set<std::string> rows = FinishedNames(observation);
  const ComparedState* before = EqualStateWith(observation, rows);
  rows.insert(name);
  const ComparedState* after = EqualStateWith(observation, rows);
  if (before == nullptr && after == nullptr) return std::nullopt;
  FailureEvidence evidence{.name = name};
  if (before != nullptr && after != nullptr) {
    evidence.reason = "the catalog is the same before it and after it";
    return evidence;
  }
  evidence.reason = before != nullptr ? "the catalog equals that of " + before->name + ", before it"
                                      : "the catalog equals that of " + after->name + ", after it";
  if (MayWriteRows(migration)) {
    evidence.reason += "; that does not show what it has done to rows";
  } else {
    evidence.effects = before != nullptr ? EffectsPresent::kNone : EffectsPresent::kAll;
  }
  return evidence;
}

Refusal FailedMigrations(const Observation& observation) {
  Refusal refusal{
      ErrorCode::kFailedMigration, "failed migrations in the database block the deploy", {}, {}};
  for (const MigrationRow& row : FailedRows(observation)) {
    std::string line = fmt::format("{} started at {} and failed", row.name, row.started_at);
    if (!row.logs.empty()) line += ": " + ErrorIn(row.logs);
    refusal.evidence.push_back(std::move(line));
    const FailureEvidence* evidence = EvidenceOf(observation, row.name);
    if (evidence != nullptr) AddEvidence(*evidence, refusal.evidence);
    AddRemedies(evidence == nullptr ? FailureEvidence{.name = row.name} : *evidence,
                refusal.remedies);
  }
  return refusal;
}

}  // namespace ballast::plan
