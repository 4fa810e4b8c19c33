// SPDX-License-Identifier: Apache-2.0
// Transactions of a plan that cannot be server transactions: a script that runs alone, with its row
// committed before it and finished after it, or the drop of an invalid index.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "apply/compile.h"
#include "base/progress.h"
#include "base/result.h"
#include "plan/plan.h"
#include "postgres/session.h"

namespace ballast::apply {

// A statement that runs alone, and its context.
struct OutsideStatement {
  const std::string& name;  // of the migration
  std::string_view text;
  bool waits_for_transactions = false;
};

// Sends it. A concurrent build that fails with a deadlock is repeated.
postgres::Outcome RunOutside(const Compiler& compiler, postgres::Session& session,
                             Progress& progress, const OutsideStatement& what);

// Waits until no session waits for the deployment lock, because a concurrent build would wait for
// it. B701 instead of B501 if something of the run was committed before.
Status WaitForDeployments(postgres::Session& session, bool after_others, Progress& progress);

// Returns SQL of ballast that is committed with the end of a row; called when the script has
// finished.
using EndSql = std::function<std::string()>;

// Sends `sql`, which finishes the row of the migration `name`. B701 if the row cannot be finished:
// the script's changes remain, and the row stays open.
Status FinishRow(postgres::Session& session, const std::string& sql, const std::string& name);

// Rolls back the transaction that a script left open, and sends `sql`, which stores this in its
// row. Returns B301, with the script as the place.
Error CloseOpenTransaction(postgres::Session& session, const std::string& sql, const Place& script);

class OutsideTransaction {
 public:
  OutsideTransaction(const Compiler& compiler, postgres::Session& session, Progress& progress)
      : compiler_(compiler), session_(session), progress_(progress) {}

  // Runs a kAlone. `begin` is SQL of ballast before its row. `after_others`: something of this run
  // was committed before.
  Status Run(const plan::Transaction& transaction, const std::string& begin, const EndSql& end,
             bool after_others);

  // Rows that the migrations table stored.
  int recorded() const { return recorded_; }

 private:
  Status RunScript(const plan::RunScript& script, const std::string& begin, const EndSql& end,
                   bool after_others);
  Status Start(const std::string& sql);
  Status Drop(const plan::DropInvalidIndex& drop);
  Error Failed(const plan::RunScript& script, const postgres::Outcome& outcome);

  const Compiler& compiler_;
  postgres::Session& session_;
  Progress& progress_;
  int recorded_ = 0;
};

}  // namespace ballast::apply
