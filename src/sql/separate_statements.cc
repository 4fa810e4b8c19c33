// SPDX-License-Identifier: Apache-2.0
#include "sql/separate_statements.h"

#include <algorithm>

#include "base/text.h"
#include "sql/classify.h"

namespace ballast::sql {
namespace {

std::string FirstWord(std::string_view text) {
  return ToLowerAscii(std::string(text.substr(0, text.find_first_of(" \t\r\n;"))));
}

bool Opens(const Statement& statement) {
  const std::string word = FirstWord(statement.text);
  return statement.kind == StatementKind::kTransaction && (word == "begin" || word == "start");
}

bool Closes(const Statement& statement) {
  const std::string word = FirstWord(statement.text);
  const bool ends = word == "commit" || word == "end" || word == "rollback" || word == "abort";
  const bool partly = ToLowerAscii(statement.text).find(" to ") != std::string::npos;
  return statement.kind == StatementKind::kTransaction && ends && !partly;
}

bool Commits(const Statement& statement) {
  const std::string word = FirstWord(statement.text);
  const std::string text = ToLowerAscii(statement.text);
  return (word == "commit" || word == "end") && text.find("chain") == std::string::npos &&
         text.find("prepared") == std::string::npos;
}

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
  return one;
}

std::string_view Between(std::string_view script, size_t from, size_t to) {
  return script.substr(from, to - from);
}

// From the BEGIN to what ends its transaction, or to the end of the script.
SeparateStatement OwnTransaction(std::string_view script, const Statement& begin,
                                 const Statement& last, bool closed) {
  SeparateStatement own = Single(begin);
  own.place = SeparatePlace::kOutside;
  own.text = Between(script, begin.offset, last.offset + last.text.size());
  if (closed && Commits(last)) {
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
    if (!Opens(first)) {
      separate.push_back(Single(first));
      continue;
    }
    bool leaves_state = false;
    while (at + 1 < statements.size() && (&statements[at] == &first || !Closes(statements[at]))) {
      ++at;
      leaves_state |= statements[at].session_state;
    }
    separate.push_back(OwnTransaction(script, first, statements[at], Closes(statements[at])));
    separate.back().leaves_state = leaves_state;
  }
  return separate;
}

bool CanContinueAfter(const std::vector<SeparateStatement>& statements, size_t done) {
  return std::none_of(statements.begin(), statements.begin() + static_cast<ptrdiff_t>(done),
                      [](const SeparateStatement& it) { return it.leaves_state; });
}

bool CanRunAgain(const std::vector<SeparateStatement>& statements, size_t done) {
  return CanContinueAfter(statements, done) && !statements[done].may_commit_parts;
}

std::optional<StatementText> RefusedInOwnTransaction(std::string_view script) {
  bool open = false;
  for (const Statement& statement : ReadScript(script)) {
    if (open && statement.runs_outside_transaction) {
      return StatementText{statement.text, statement.offset, statement.line};
    }
    if (Opens(statement)) open = true;
    if (Closes(statement)) open = false;
  }
  return std::nullopt;
}

}  // namespace ballast::sql
