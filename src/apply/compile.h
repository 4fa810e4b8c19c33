// SPDX-License-Identifier: Apache-2.0
// Steps of a plan as SQL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "apply/message.h"
#include "base/error.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "postgres/journal.h"
#include "postgres/url.h"

namespace ballast::apply {

// Scripts that the plan runs, and rows that it leaves.
std::vector<std::string> ScriptsOf(const plan::Plan& plan);
int RowsRecorded(const plan::Plan& plan);

// P3018 with the script's name, line and SQLSTATE, or the error of one of our own statements.
Error ScriptError(const postgres::ServerError& error, const ErrorLocation& culprit);

class Compiler {
 public:
  Compiler(const plan::Observation& observation, const postgres::Target& target,
           postgres::JournalEntry journal);

  const std::string& schema() const { return schema_; }

  // BEGIN … COMMIT, with the comparison made by the server.
  void AddWholeTransaction(const plan::Plan& plan, Message& message) const;
  // The same in two parts, for a comparison that is made here: BEGIN and all before it; all after
  // it and COMMIT.
  void AddUntilVerify(const plan::Plan& plan, Message& message) const;
  void AddFromVerify(const plan::Plan& plan, Message& message) const;

  // One step; scripts with their row before and after.
  void AddStep(const plan::Step& step, Message& message) const;
  // The journal, if it may be written; `event` "deployed" for the whole run.
  std::string JournalSql(const std::string& event, const std::string& subject,
                         const std::string& detail) const;
  // Ends what a comparison set for itself.
  std::string RestorePathSql() const;

 private:
  std::string JournalOfRun(const plan::Plan& plan) const;

  std::string schema_;
  int server_major_;
  bool own_path_;  // the URL names the schema: the session's path is that schema alone
  bool journal_allowed_;
  bool journal_exists_;
  postgres::JournalEntry journal_;
};

}  // namespace ballast::apply
