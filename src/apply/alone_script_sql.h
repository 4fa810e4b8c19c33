// SPDX-License-Identifier: Apache-2.0
// The SQL of a script that runs alone: what OutsideTransaction sends, and what --sql prints.
#pragma once

#include <string>
#include <string_view>

#include "apply/compile.h"
#include "plan/plan.h"

namespace ballast::apply {

// The compiler and the script must outlive it.
class AloneScriptSql {
 public:
  AloneScriptSql(const Compiler& compiler, const plan::RunScript& script)
      : compiler_(compiler), script_(script) {}

  // Inserts the row; one transaction.
  std::string Start() const { return compiler_.StartSql(script_); }
  // Outside a transaction, before and after the script.
  std::string_view Before() const { return Waits() ? Compiler::kNoLockTimeout : ""; }
  std::string_view Script() const { return script_.Script(); }
  std::string_view After() const { return Waits() ? Compiler::kLockTimeoutAgain : ""; }
  // Finishes the row, with `end`; one transaction.
  std::string Finish(const std::string& end) const { return compiler_.FinishSql(script_) + end; }

  // Whether it waits for every older transaction of the server.
  bool Waits() const { return script_.waits_for_transactions; }

 private:
  const Compiler& compiler_;
  const plan::RunScript& script_;
};

}  // namespace ballast::apply
