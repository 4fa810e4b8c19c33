// SPDX-License-Identifier: Apache-2.0
// The transactions of a plan that the server does not let be one: a script that goes alone, its row
// committed before it and finished after it, or an invalid index that is dropped.
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

// A statement that goes alone, and for whom.
struct OutsideText {
  const std::string& name;  // of the migration
  std::string_view text;
  bool waits_for_transactions = false;
};

// Sends it. A concurrent build that meets a deadlock begins again.
postgres::Outcome RunOutside(const Compiler& compiler, postgres::Session& session,
                             Progress& progress, const OutsideText& what);

// Nobody may wait for the deployment lock while a concurrent build runs: it would wait for them.
// B701 in place of B501 where something of the run was committed before.
Status WaitForDeployments(postgres::Session& session, bool after_others, Progress& progress);

// SQL of ballast's own that is committed with the end of a row; asked for when the script is done.
using EndSql = std::function<std::string()>;

class OutsideTransaction {
 public:
  OutsideTransaction(const Compiler& compiler, postgres::Session& session, Progress& progress)
      : compiler_(compiler), session_(session), progress_(progress) {}

  // A kAlone. `after_others`: something of this run was committed before.
  Status Run(const plan::Transaction& transaction, const EndSql& end, bool after_others);

  // Rows that the migrations table took.
  int recorded() const { return recorded_; }

 private:
  Status RunScript(const plan::RunScript& script, const EndSql& end, bool after_others);
  Status Start(const std::string& sql);
  Status Drop(const plan::DropInvalidIndex& drop);
  Status Finish(const plan::RunScript& script, const std::string& end);
  Error Failed(const plan::RunScript& script, const postgres::Outcome& outcome);
  Error LeftOpen(const std::string& name);

  const Compiler& compiler_;
  postgres::Session& session_;
  Progress& progress_;
  int recorded_ = 0;
};

}  // namespace ballast::apply
