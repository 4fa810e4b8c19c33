// SPDX-License-Identifier: Apache-2.0
#include "plan/resume.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/statement_progress.h"
#include "plan/steps.h"
#include "sql/quote.h"
#include "sql/separate_statements.h"

namespace ballast::plan {
namespace {

const release::Migration* FindIn(const std::vector<release::Migration>& migrations,
                                 const std::string& name) {
  const auto found = std::find_if(migrations.begin(), migrations.end(),
                                  [&](const auto& migration) { return migration.name == name; });
  return found == migrations.end() ? nullptr : &*found;
}

const release::Migration* ScriptNamed(const Intent& intent, const std::string& name) {
  if (const auto* history = std::get_if<FollowHistory>(&intent)) {
    return FindIn(history->migrations, name);
  }
  const auto& release = std::get<ApplyRelease>(intent);
  const release::Migration* hotfix = FindIn(release.hotfixes, name);
  return hotfix != nullptr ? hotfix : FindIn(release.History(), name);
}

// The open row of the step that was in progress according to the journal.
const MigrationRow* RowInProgress(const Observation& observation) {
  if (observation.step_in_progress.empty()) return nullptr;
  const MigrationRow* found = nullptr;
  for (const MigrationRow& row : observation.rows) {
    if (!row.Failed()) continue;
    if (found != nullptr || row.name != observation.step_in_progress || !row.logs.empty()) {
      return nullptr;
    }
    found = &row;
  }
  return found;
}

}  // namespace

namespace {

// A script that was stopped between its statements.
struct InterruptedScript {
  const MigrationRow* row = nullptr;
  StatementProgress progress;
  sql::SeparateStatement next;  // the interrupted statement
};

// The only open row, if it records the number of applied statements of a script that the intent has
// unchanged.
std::optional<InterruptedScript> StoppedScript(const Intent& intent,
                                               const Observation& observation) {
  const MigrationRow* found = nullptr;
  for (const MigrationRow& row : observation.rows) {
    if (!row.Failed()) continue;
    if (found != nullptr) return std::nullopt;
    found = &row;
  }
  if (found == nullptr) return std::nullopt;
  const auto progress = ProgressIn(found->logs);
  const release::Migration* migration = ScriptNamed(intent, found->name);
  if (!progress || migration == nullptr || !migration->script) return std::nullopt;
  if (migration->checksum != found->checksum) return std::nullopt;
  const auto statements = sql::SeparateStatements(*migration->script);
  if (statements.size() != progress->count || progress->done >= progress->count) {
    return std::nullopt;
  }
  if (!sql::CanRunAgain(statements, progress->done)) return std::nullopt;
  return InterruptedScript{found, *progress, statements[progress->done]};
}

}  // namespace

std::optional<sql::ConcurrentIndex> IndexInProgress(const Intent& intent,
                                                    const Observation& observation) {
  if (const auto stopped = StoppedScript(intent, observation)) {
    return sql::ReadNamedConcurrentIndex(stopped->next.text);
  }
  const MigrationRow* row = RowInProgress(observation);
  if (row == nullptr) return std::nullopt;
  const release::Migration* migration = ScriptNamed(intent, row->name);
  if (migration == nullptr || !migration->script || migration->checksum != row->checksum) {
    return std::nullopt;
  }
  return sql::ReadNamedConcurrentIndex(*migration->script);
}

std::string DescribeUnnamedBuild(const Intent& intent, const MigrationRow& row) {
  const release::Migration* migration = ScriptNamed(intent, row.name);
  if (migration == nullptr || !migration->script || migration->checksum != row.checksum) return {};
  const auto statements = sql::SeparateStatements(*migration->script);
  const auto progress = ProgressIn(row.logs);
  const size_t done = progress ? progress->done : 0;
  const bool known = progress ? progress->count == statements.size() : statements.size() == 1;
  if (!known || done >= statements.size()) return {};
  const sql::SeparateStatement& stopped = statements[done];
  if (!sql::BuildsUnnamedIndex(stopped)) return {};
  const auto index = sql::ReadConcurrentIndex(stopped.text);
  const std::string table =
      index ? sql::QualifiedName(index->table.schema, index->table.name) : std::string();
  return fmt::format(
      "statement {} of {}, on line {}, builds an index without a name, of which one may exist, "
      "perhaps invalid{}",
      done + 1, statements.size(), stopped.line,
      table.empty() ? ""
                    : fmt::format(": SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE "
                                  "indrelid = {}::regclass;",
                                  sql::QuoteLiteral(table)));
}

namespace {

// Whether the interrupted statement was applied, according to the catalog.
bool IsDone(const sql::ConcurrentIndex& index, IndexState state) {
  return state == (index.build ? IndexState::kValid : IndexState::kAbsent);
}

Resumption ContinuationOf(const InterruptedScript& stopped, const Observation& observation) {
  Resumption resumption{observation, std::nullopt, "", stopped.row->name, stopped.progress.done};
  const auto index = sql::ReadNamedConcurrentIndex(stopped.next.text);
  // A statement that the server refused was not applied; an index of its name is another one.
  const std::string_view error = ErrorAfterProgress(stopped.row->logs);
  if (error.empty() && index && observation.step_index && IsDone(*index, *observation.step_index)) {
    ++resumption.applied;
  }
  resumption.observation.compared_with = Compared::kAllStates;
  for (MigrationRow& row : resumption.observation.rows) {
    if (row.Failed()) row.rolled_back = true;
  }
  resumption.notice = fmt::format(
      "{} was interrupted after {} of its {} statements{}; the deploy continues with the next one",
      stopped.row->name, resumption.applied, stopped.progress.count,
      error.empty() ? "" : fmt::format(" ({})", error.substr(0, error.find('\n'))));
  return resumption;
}

}  // namespace

std::optional<Resumption> Resume(const Intent& intent, const Observation& observation) {
  if (const auto stopped = StoppedScript(intent, observation)) {
    return ContinuationOf(*stopped, observation);
  }
  const std::optional<sql::ConcurrentIndex> index = IndexInProgress(intent, observation);
  if (!index || !observation.step_index) return std::nullopt;
  const bool done = IsDone(*index, *observation.step_index);
  const std::string name = RowInProgress(observation)->name;
  Resumption resumption{observation, Step{CloseRow{name, done}, ""}, ""};
  resumption.observation.compared_with = Compared::kAllStates;
  for (MigrationRow& row : resumption.observation.rows) {
    if (!row.Failed()) continue;
    (done ? row.finished : row.rolled_back) = true;
  }
  resumption.step->reason = done ? "it had finished when the previous deploy was interrupted"
                                 : "the previous deploy was interrupted while it ran";
  resumption.notice = fmt::format(
      "an earlier deploy was interrupted while {} ran; {}", name,
      done ? "it had finished, and its row is now marked as finished" : "it runs again");
  return resumption;
}

namespace {

// The indexes that the transaction builds concurrently, with their schema.
std::vector<IndexName> IndexesBuiltBy(const Transaction& transaction, const std::string& schema) {
  if (transaction.mode != ScriptMode::kAlone && transaction.mode != ScriptMode::kSplit) return {};
  const auto* run = std::get_if<RunScript>(&transaction.steps.front().act);
  if (run == nullptr) return {};
  std::vector<IndexName> built;
  for (const auto& statement : sql::SeparateStatements(run->Script())) {
    const auto index = sql::ReadNamedConcurrentIndex(statement.text);
    if (!index || !index->build) continue;
    const std::string& own = index->index.schema;
    built.push_back({own.empty() ? schema : own, index->index.name});
  }
  return built;
}

bool Contains(const std::vector<IndexName>& indexes, const IndexName& index) {
  return std::find(indexes.begin(), indexes.end(), index) != indexes.end();
}

}  // namespace

bool ContinueScript(Plan& plan, const Resumption& resumption) {
  for (Transaction& transaction : plan.transactions) {
    auto* run = transaction.steps.empty() ? nullptr
                                          : std::get_if<RunScript>(&transaction.steps.front().act);
    if (transaction.mode != ScriptMode::kSplit || run == nullptr) continue;
    if (run->migration.name != resumption.script) continue;
    run->applied_statements = resumption.applied;
    return true;
  }
  return false;
}

void AddIndexDrops(Plan& plan, const Observation& observation) {
  if (observation.invalid_indexes.empty() || !observation.other_current_schema.empty()) return;
  std::vector<Transaction> transactions;
  transactions.reserve(plan.transactions.size() + observation.invalid_indexes.size());
  for (Transaction& transaction : plan.transactions) {
    for (const IndexName& index : IndexesBuiltBy(transaction, observation.schema)) {
      if (!Contains(observation.invalid_indexes, index)) continue;
      transactions.push_back(
          {ScriptMode::kAlone, {{DropInvalidIndex{index}, "a failed concurrent build left it"}}});
    }
    transactions.push_back(std::move(transaction));
  }
  plan.transactions = std::move(transactions);
}

}  // namespace ballast::plan
