// SPDX-License-Identifier: Apache-2.0
// Renders the steps of a plan as SQL.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "apply/sql_sink.h"
#include "apply/verify_catalog.h"
#include "base/error.h"
#include "plan/observation.h"
#include "plan/plan.h"
#include "plan/statement_progress.h"
#include "postgres/journal.h"
#include "postgres/session_settings.h"
#include "postgres/url.h"

namespace ballast::apply {

// The scripts that these steps run, in order.
std::vector<std::string> ScriptsOf(const plan::Plan& plan);
std::vector<std::string> ScriptsOf(const plan::Transaction& transaction);

// SQL of ballast around what a transaction does.
struct Frame {
  std::string begin = {};  // follows its BEGIN
  std::string end = {};    // precedes its COMMIT
};

class Compiler {
 public:
  Compiler(const plan::Observation& observation, const postgres::Target& target,
           postgres::JournalContext journal, Comparer comparer,
           const std::vector<postgres::SessionSetting>& settings);

  const std::string& schema() const { return schema_; }

  // Who makes this comparison of the plan.
  Comparer ComparerFor(const plan::VerifyCatalog& verify) const;

  // Begins a transaction of ballast. Each of its statements sees what others have committed while
  // it waited for their locks, whatever the default of the role or the database is.
  static constexpr char kBegin[] = "BEGIN ISOLATION LEVEL READ COMMITTED;\n";

  // BEGIN … COMMIT of a kInTransaction, with the comparison made by the server.
  void AddTransaction(const plan::Transaction& transaction, const Frame& frame,
                      SqlSink& sink) const;
  // The same in two parts, for a comparison made by ballast: BEGIN and everything before it;
  // everything after it and COMMIT.
  void AddUntilVerify(const plan::Transaction& transaction, const Frame& frame,
                      SqlSink& sink) const;
  void AddFromVerify(const plan::Transaction& transaction, const Frame& frame, SqlSink& sink) const;

  // A kManagesOwn: its row is committed before it and finished after it. What follows its last
  // COMMIT belongs to the message's implicit transaction, which the BEGIN of the finish turns into
  // a regular one (manual, "Multiple Statements in a Simple Query"). It keeps its isolation level.
  void AddOwnTransactions(const plan::RunScript& script, const Frame& frame, SqlSink& sink) const;

  // The row of a script in a transaction, started and finished.
  std::string StartRowSql(const plan::RunScript& script, std::string_view id = {}) const;
  std::string FinishRowSql(const plan::RunScript& script, std::string_view id = {}) const;
  // SQL that is committed before and after a script outside ballast's transactions.
  std::string StartSql(const plan::RunScript& script) const;
  std::string FinishSql(const plan::RunScript& script) const;
  // After the failure of such a script: its row remains open, with the server's message.
  std::string FailSql(const std::string& name, const std::string& logs) const;

  // The same for a script that runs statement by statement; the row records its progress.
  std::string StartSplitSql(const plan::RunScript& script,
                            const plan::StatementProgress& progress) const;
  std::string StatementSql(const plan::RunScript& script, const plan::StatementProgress& progress,
                           int line) const;
  std::string FinishSplitSql(const plan::RunScript& script) const;
  // Deletes the open row of a script of which nothing was applied.
  std::string DeleteRowSql(const std::string& name) const;

  // A concurrent build does not block reads or writes, but waits for every older transaction;
  // cancelling it would leave an invalid index.
  static constexpr char kNoLockTimeout[] =
      "SELECT set_config('ballast.lock_timeout', current_setting('lock_timeout'), false),\n"
      "       set_config('lock_timeout', '0', false);\n";
  static constexpr char kLockTimeoutAgain[] =
      "SELECT set_config('lock_timeout', coalesce(nullif(current_setting('ballast.lock_timeout', "
      "true), ''), (SELECT reset_val FROM pg_settings WHERE name = 'lock_timeout')), false);\n";

  static std::string DropInvalidIndexSql(const plan::DropInvalidIndex& drop);

  // What the journal records at the end of a transaction; empty if it cannot be written. In the
  // last one, the entry of the run, and its row if `row` returns one; in others, entries of scripts
  // without a row, as those of a repair or a rollback are.
  std::string EndSql(const plan::Plan& plan, const plan::Transaction& transaction,
                     const std::function<postgres::RunRow()>& row = {}) const;
  // Resets what a comparison has set.
  std::string RestorePathSql() const;

 private:
  // One step; scripts with their row before and after.
  void AddStep(const plan::Step& step, SqlSink& sink) const;
  std::string CommittedSql(const plan::Transaction& transaction) const;
  std::string DeployedSql(const plan::Plan& plan,
                          const std::function<postgres::RunRow()>& row) const;
  // Creates the journal if there is none yet; empty if it cannot be written.
  std::string JournalSql(const postgres::JournalEntry& entry) const;

  std::string schema_;
  int server_major_;
  bool own_path_;  // the URL names the schema: search_path is only that schema
  bool journal_allowed_;
  bool journal_exists_;
  bool runs_allowed_;
  bool runs_exist_;
  bool has_plpgsql_;
  Comparer comparer_;
  postgres::JournalContext journal_;
  std::string renew_settings_;  // before each script of a migration
};

}  // namespace ballast::apply
