// SPDX-License-Identifier: Apache-2.0
// A script that runs statement by statement. Its row is committed before it; how far it came is
// written to the row and to the journal with each statement, in the statement's own transaction
// where the server allows one, so that a later deploy goes on behind the last applied statement.
#pragma once

#include <string>
#include <vector>

#include "apply/compile.h"
#include "apply/outside_transaction.h"
#include "base/progress.h"
#include "base/result.h"
#include "plan/plan.h"
#include "postgres/session.h"
#include "sql/separate_statements.h"

namespace ballast::apply {

// A detail of the error of a statement that left nothing: the next look goes on with it.
inline constexpr char kResumable[] = "resumable";

class SplitScript {
 public:
  SplitScript(const Compiler& compiler, postgres::Session& session, Progress& progress,
              const plan::RunScript& script);

  // `end` gives SQL of ballast's own that is committed with the end of the row; `after_others`:
  // something of this run was committed before. P3018 where the first statement failed in its
  // transaction: neither it nor a row remains. B701 where statements are applied, or may be: the
  // row is open.
  Status Run(const EndSql& end, bool after_others);

  // Rows that the migrations table took.
  int recorded() const { return recorded_; }

 private:
  Status Begin();
  Status RunStatement(const sql::SeparateStatement& statement);
  postgres::Outcome Send(const sql::SeparateStatement& statement);
  postgres::Outcome SendInTransaction(const sql::SeparateStatement& statement);
  postgres::Outcome SendOutside(const sql::SeparateStatement& statement);
  std::string ProgressSql(const sql::SeparateStatement& statement) const;
  Status Finish(const EndSql& end);
  Error Failed(const sql::SeparateStatement& statement, const postgres::ServerError& error);
  Error NothingRemains(const postgres::ServerError& error, const ErrorLocation& where);

  const Compiler& compiler_;
  postgres::Session& session_;
  Progress& progress_;
  const plan::RunScript& script_;
  std::vector<sql::SeparateStatement> statements_;
  size_t done_ = 0;
  int recorded_ = 0;
};

}  // namespace ballast::apply
