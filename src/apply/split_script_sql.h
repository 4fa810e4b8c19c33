// SPDX-License-Identifier: Apache-2.0
// The SQL of a script that runs statement by statement: what SplitScript sends, and what --sql
// prints.
#pragma once

#include <string>
#include <vector>

#include "apply/compile.h"
#include "plan/plan.h"
#include "sql/separate_statements.h"

namespace ballast::apply {

// The compiler and the script must outlive it.
class SplitScriptSql {
 public:
  SplitScriptSql(const Compiler& compiler, const plan::RunScript& script)
      : compiler_(compiler),
        script_(script),
        statements_(sql::SeparateStatements(script.Script())) {}

  const std::vector<sql::SeparateStatement>& statements() const { return statements_; }

  // The index of the first statement that runs: an earlier deploy applied those before it.
  size_t First() const { return script_.applied_statements.value_or(0); }

  // The messages before the first statement: the transaction that inserts the row; for a script
  // that continues, the statements that set the session of the earlier deploy.
  std::vector<std::string> Start() const;

  // Before the text of a statement in its message: BEGIN if it is in a transaction of ballast.
  static std::string Before(const sql::SeparateStatement& statement);
  // After it: records that `done` statements, with this one, are applied, and commits with `end`.
  std::string After(const sql::SeparateStatement& statement, size_t done,
                    const std::string& end = {}) const;

  // Finishes the row and commits, with `end`.
  std::string Finish(const std::string& end) const;

  // The whole script, for psql.
  std::string Text(const std::string& end) const;

 private:
  const Compiler& compiler_;
  const plan::RunScript& script_;
  std::vector<sql::SeparateStatement> statements_;
};

}  // namespace ballast::apply
