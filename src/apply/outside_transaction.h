// SPDX-License-Identifier: Apache-2.0
// The transactions of a plan that the server does not let be one: a script that goes alone, its row
// committed before it and finished after it, or an invalid index that is dropped.
#pragma once

#include <functional>
#include <string>

#include "apply/compile.h"
#include "base/progress.h"
#include "base/result.h"
#include "plan/plan.h"
#include "postgres/session.h"

namespace ballast::apply {

class OutsideTransaction {
 public:
  OutsideTransaction(const Compiler& compiler, postgres::Session& session, Progress& progress)
      : compiler_(compiler), session_(session), progress_(progress) {}

  // SQL of ballast's own that is committed with the end of a row; asked for when the script is
  // done.
  using End = std::function<std::string()>;
  // A kAlone. `after_others`: something of this run was committed before.
  Status Run(const plan::Transaction& transaction, const End& end, bool after_others);

  // Rows that the migrations table took.
  int recorded() const { return recorded_; }

 private:
  Status RunScript(const plan::RunScript& script, const End& end, bool after_others);
  Status Start(const std::string& sql);
  Status WaitForLockWaiters(bool after_others);
  postgres::Outcome Attempts(const plan::RunScript& script);
  postgres::Outcome Watched(const plan::RunScript& script);
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
