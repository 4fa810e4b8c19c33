// SPDX-License-Identifier: Apache-2.0
#include "sql/separate_statements.h"

#include <algorithm>

#include "sql/classify.h"
#include "sql/concurrent_index.h"

namespace ballast::sql {
namespace {

SeparateStatement Single(const Statement& statement) {
  SeparateStatement one;
  one.text = statement.text;
  one.offset = statement.offset;
  one.line = statement.line;
  one.waits_for_transactions = statement.runs_outside_transaction;
  const bool repeatable =
      statement.kind == StatementKind::kSet || statement.kind == StatementKind::kQuery;
  one.sets_session = statement.session_state && repeatable;
  one.leaves_state = statement.session_state && !repeatable;
  const bool outside = statement.runs_outside_transaction || statement.transaction_control;
  if (outside) one.place = SeparatePlace::kOutside;
  one.may_commit_parts = statement.transaction_control;
  one.builds_concurrently =
      statement.kind == StatementKind::kCreateIndex && statement.runs_outside_transaction;
  return one;
}

std::string_view Between(std::string_view script, size_t from, size_t to) {
  return script.substr(from, to - from);
}

// From the BEGIN to what ends its transaction, or to the end of the script. `chains`: it commits in
// between.
SeparateStatement OwnTransaction(std::string_view script, const Statement& begin,
                                 const Statement& last, bool chains) {
  SeparateStatement own = Single(begin);
  own.place = SeparatePlace::kOutside;
  own.text = Between(script, begin.offset, last.offset + last.text.size());
  if (last.transaction == TransactionAct::kCommit && !chains) {
    own.place = SeparatePlace::kOwnTransaction;
    own.text = Between(script, begin.offset, last.offset);
    own.end = last.text;
    own.may_commit_parts = false;
  }
  return own;
}

}  // namespace

std::vector<SeparateStatement> SeparateStatements(std::string_view script) {
  const std::vector<Statement> statements = ReadScript(script);
  std::vector<SeparateStatement> separate;
  for (size_t at = 0; at < statements.size(); ++at) {
    const Statement& first = statements[at];
    if (first.transaction != TransactionAct::kBegin) {
      separate.push_back(Single(first));
      continue;
    }
    bool leaves_state = false;
    bool chains = false;
    while (at + 1 < statements.size() && !EndsTransaction(statements[at].transaction)) {
      const Statement& next = statements[++at];
      leaves_state |= next.session_state;
      chains |= next.transaction == TransactionAct::kCommitAndChain ||
                next.transaction == TransactionAct::kRollbackAndChain;
    }
    separate.push_back(OwnTransaction(script, first, statements[at], chains));
    separate.back().leaves_state = leaves_state;
  }
  return separate;
}

bool CanContinueAfter(const std::vector<SeparateStatement>& statements, size_t done) {
  return std::none_of(statements.begin(), statements.begin() + static_cast<ptrdiff_t>(done),
                      [](const SeparateStatement& it) { return it.leaves_state; });
}

bool BuildsUnnamedIndex(const SeparateStatement& statement) {
  return statement.builds_concurrently && !ReadNamedConcurrentIndex(statement.text);
}

bool CanRunAgain(const std::vector<SeparateStatement>& statements, size_t done) {
  const SeparateStatement& next = statements[done];
  return CanContinueAfter(statements, done) && !next.may_commit_parts && !BuildsUnnamedIndex(next);
}

std::optional<StatementText> RefusedInOwnTransaction(std::string_view script) {
  bool open = false;
  for (const Statement& statement : ReadScript(script)) {
    if (open && statement.runs_outside_transaction) {
      return StatementText{statement.text, statement.offset, statement.line};
    }
    if (statement.transaction == TransactionAct::kBegin) open = true;
    if (EndsTransaction(statement.transaction)) open = false;
  }
  return std::nullopt;
}

}  // namespace ballast::sql
