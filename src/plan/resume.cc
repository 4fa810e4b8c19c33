// SPDX-License-Identifier: Apache-2.0
#include "plan/resume.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/steps.h"

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
  return hotfix != nullptr ? hotfix : FindIn(release.history, name);
}

// The open row of the step that the journal says was under way: started by us, ended by nobody.
const MigrationRow* RowUnderWay(const Observation& observation) {
  if (observation.step_under_way.empty()) return nullptr;
  const MigrationRow* found = nullptr;
  for (const MigrationRow& row : observation.rows) {
    if (!row.Failed()) continue;
    if (found != nullptr || row.name != observation.step_under_way || !row.logs.empty()) {
      return nullptr;
    }
    found = &row;
  }
  return found;
}

}  // namespace

std::optional<sql::ConcurrentIndex> IndexUnderWay(const Intent& intent,
                                                  const Observation& observation) {
  const MigrationRow* row = RowUnderWay(observation);
  if (row == nullptr) return std::nullopt;
  const release::Migration* migration = ScriptNamed(intent, row->name);
  if (migration == nullptr || !migration->script || migration->checksum != row->checksum) {
    return std::nullopt;
  }
  return sql::ConcurrentIndexOf(*migration->script);
}

std::optional<Resumption> Resume(const Intent& intent, const Observation& observation) {
  const std::optional<sql::ConcurrentIndex> index = IndexUnderWay(intent, observation);
  if (!index || !observation.step_index) return std::nullopt;
  const bool valid = *observation.step_index == IndexState::kValid;
  const bool done = index->build ? valid : *observation.step_index == IndexState::kAbsent;
  const std::string name = RowUnderWay(observation)->name;
  Resumption resumption{observation, {CloseRow{name, done}, ""}, ""};
  for (MigrationRow& row : resumption.observation.rows) {
    if (!row.Failed()) continue;
    (done ? row.finished : row.rolled_back) = true;
  }
  resumption.step.reason = done ? "it was done when the deploy before this one was stopped"
                                : "the deploy before this one was stopped in it";
  resumption.notice =
      fmt::format("a deploy was stopped in {}; {}", name,
                  done ? "it had done its work, and its row is finished now" : "it runs again");
  return resumption;
}

namespace {

// The index that the transaction builds concurrently, if it does; its schema filled in.
std::optional<IndexName> IndexBuiltBy(const Transaction& transaction, const std::string& schema) {
  if (transaction.mode != ScriptMode::kAlone) return std::nullopt;
  const auto* run = std::get_if<RunScript>(&transaction.steps.front().act);
  if (run == nullptr) return std::nullopt;
  const auto index = sql::ConcurrentIndexOf(run->migration.script.TextOrEmpty());
  if (!index || !index->build) return std::nullopt;
  return IndexName{index->schema.empty() ? schema : index->schema, index->name};
}

}  // namespace

void AddIndexDrops(Plan& plan, const Observation& observation) {
  if (observation.invalid_indexes.empty()) return;
  std::vector<Transaction> transactions;
  transactions.reserve(plan.transactions.size() + observation.invalid_indexes.size());
  for (Transaction& transaction : plan.transactions) {
    const std::optional<IndexName> index = IndexBuiltBy(transaction, observation.schema);
    const bool invalid =
        index && std::find(observation.invalid_indexes.begin(), observation.invalid_indexes.end(),
                           *index) != observation.invalid_indexes.end();
    if (invalid) {
      transactions.push_back(
          {ScriptMode::kAlone, {{DropInvalidIndex{*index}, "a broken concurrent build left it"}}});
    }
    transactions.push_back(std::move(transaction));
  }
  plan.transactions = std::move(transactions);
}

}  // namespace ballast::plan
