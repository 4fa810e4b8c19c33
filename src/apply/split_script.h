// SPDX-License-Identifier: Apache-2.0
// Runs a script statement by statement. Its row is committed before it. Each statement records the
// progress in the row and the journal, in its own transaction where the server allows one, so that
// a later deploy continues after the last applied statement.
#pragma once

#include <string>
#include <vector>

#include "apply/compile.h"
#include "apply/message.h"
#include "apply/outside_transaction.h"
#include "apply/split_script_sql.h"
#include "base/progress.h"
#include "base/result.h"
#include "plan/plan.h"
#include "postgres/session.h"
#include "sql/separate_statements.h"

namespace ballast::apply {

class SplitScript {
 public:
  SplitScript(const Compiler& compiler, postgres::Session& session, Progress& progress,
              const plan::RunScript& script, bool keeps_lock);

  // `begin` is SQL of ballast before the row, `end` returns what is committed with its end.
  // `after_others`: something of this run was committed before. P3018 if the first statement failed
  // in its transaction: neither the statement nor a row remains. B701 if statements are or may be
  // applied: the row is open.
  Status Run(const std::string& begin, const EndSql& end, bool after_others);

  // Rows that the migrations table stored.
  int recorded() const { return recorded_; }

 private:
  Status Begin(const std::string& begin);
  Status RunStatement(const sql::SeparateStatement& statement);
  // The outcomes of the statement and, if it succeeded, of the message that records it.
  struct Sent {
    postgres::Outcome statement;
    postgres::Outcome record;
  };
  static std::string Before(const sql::SeparateStatement& statement);
  Sent Send(const sql::SeparateStatement& statement);
  Sent SendInTransaction(const sql::SeparateStatement& statement);
  Sent SendOutside(const sql::SeparateStatement& statement);
  postgres::Outcome Record(const sql::SeparateStatement& statement);
  size_t Count() const { return sql_.statements().size(); }
  Error Failed(const sql::SeparateStatement& statement, const postgres::ServerError& error);
  // The beginning of the remedy for a script with a failed statement.
  const char* WhatFollows(const sql::SeparateStatement& failed) const;
  Error NotRecorded(const sql::SeparateStatement& statement, postgres::ServerError error);
  Error NothingRemains(const postgres::ServerError& error, const ErrorLocation& where);

  const Compiler& compiler_;
  postgres::Session& session_;
  Progress& progress_;
  const plan::RunScript& script_;
  SplitScriptSql sql_;
  const bool keeps_lock_;  // between the statements, too
  size_t done_ = 0;
  int recorded_ = 0;
};

}  // namespace ballast::apply
