// SPDX-License-Identifier: Apache-2.0
#include "apply/batch.h"

#include <algorithm>

namespace ballast::apply {

const plan::RunScript& ScriptOf(const plan::Transaction& transaction) {
  return std::get<plan::RunScript>(transaction.steps.front().act);
}

std::string_view ScriptTextIn(const plan::Transaction& transaction, std::string_view name) {
  for (const plan::Step& step : transaction.steps) {
    const auto* run = std::get_if<plan::RunScript>(&step.act);
    if (run != nullptr && run->migration.name == name) return run->Script();
  }
  return {};
}

void Batch::Add(const plan::Transaction& transaction, const Frame& frame) {
  const bool own = transaction.mode == plan::ScriptMode::kManagesOwn;
  if (own) {
    compiler_->AddOwnTransactions(ScriptOf(transaction), frame, message_);
  } else {
    compiler_->AddTransaction(transaction, frame, message_);
  }
  transactions_.push_back(&transaction);
  const auto last = [](const std::vector<int>& counts) {
    return counts.empty() ? 0 : counts.back();
  };
  commits_.push_back(last(commits_) + (own ? 2 : 1));
  scripts_.push_back(last(scripts_) + static_cast<int>(ScriptsOf(transaction).size()));
}

size_t Batch::TransactionOf(const ErrorLocation& location) const {
  const auto found = std::find_if(
      transactions_.begin(), transactions_.end(), [&](const plan::Transaction* transaction) {
        const std::vector<std::string> scripts = ScriptsOf(*transaction);
        return std::find(scripts.begin(), scripts.end(), location.script) != scripts.end();
      });
  return static_cast<size_t>(found - transactions_.begin());
}

BatchAnswer Batch::Send(postgres::Session& session, const ScriptListener& listener) {
  BatchAnswer answer;
  answer.outcome = message_.Send(session, listener);
  const MessageProgress progress = Message::ProgressOf(answer.outcome);
  answer.recorded = progress.recorded;
  const auto uncommitted = std::upper_bound(commits_.begin(), commits_.end(), progress.commits);
  answer.committed = static_cast<size_t>(uncommitted - commits_.begin());
  if (!answer.outcome.error) return answer;
  answer.location = message_.LocateError(answer.outcome);
  answer.failed = answer.committed;
  if (answer.committed >= transactions_.size()) return answer;
  if (!answer.location.script.empty()) {
    answer.failed = std::max(answer.committed, TransactionOf(answer.location));
  }
  const int before = answer.failed == 0 ? 0 : scripts_[answer.failed - 1];
  answer.script_begun = progress.scripts_begun > before;
  answer.scripts_done =
      progress.open_script < 0 && progress.scripts_begun == scripts_[answer.failed];
  return answer;
}

}  // namespace ballast::apply
