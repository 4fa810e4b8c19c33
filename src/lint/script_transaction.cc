// SPDX-License-Identifier: Apache-2.0
#include "lint/script_transaction.h"

#include "sql/lexer.h"

namespace ballast::lint {
namespace {

enum class Control { kNone, kBegin, kEnd, kOther };

Control ControlOf(const sql::Statement& statement) {
  if (!statement.transaction_control) return Control::kNone;
  const std::vector<sql::Token> tokens = sql::Tokenize(statement.text);
  sql::TokenReader reader(statement.text, tokens);
  if (reader.Is("begin") || reader.Is("start")) return Control::kBegin;
  const bool ends = reader.Take("commit") || reader.Take("end") || reader.Take("rollback") ||
                    reader.Take("abort");
  if (!ends) return Control::kOther;  // SAVEPOINT, RELEASE, code that commits
  if (!reader.Take("transaction")) reader.Take("work");
  return reader.Is("to") || reader.Is("prepared") ? Control::kOther : Control::kEnd;
}

bool IsRollback(const sql::Statement& statement) {
  const std::vector<sql::Token> tokens = sql::Tokenize(statement.text);
  const sql::TokenReader reader(statement.text, tokens);
  return reader.Is("rollback") || reader.Is("abort") || reader.Has("chain");
}

// Settings of the transaction can be made again; nothing else that lasts until its end.
bool IsDivisible(const sql::Statement& statement) {
  const bool is_setting = statement.kind == sql::StatementKind::kSet;
  return !statement.transaction_control && !statement.runs_outside_transaction &&
         (!statement.local_state || is_setting);
}

class Division {
 public:
  Division(const std::vector<sql::Statement>& statements, const sql::ScriptProperties& properties)
      : statements_(statements), properties_(properties) {}

  std::vector<ScriptTransaction> Divide() {
    for (at_ = 0; at_ < statements_.size(); ++at_) {
      const Control control = ControlOf(statements_[at_]);
      if (!open_) {
        open_ = control == Control::kBegin;
        found_.push_back({at_, at_, open_, !open_ || !properties_.uses_own_value});
        continue;
      }
      ScriptTransaction& current = found_.back();
      current.last = at_;
      if (control == Control::kEnd) {
        open_ = false;
        current.divisible = current.divisible && !IsRollback(statements_[at_]);
      } else {
        current.divisible = current.divisible && IsDivisible(statements_[at_]);
      }
    }
    if (open_) found_.back().divisible = false;  // without COMMIT
    return std::move(found_);
  }

 private:
  const std::vector<sql::Statement>& statements_;
  const sql::ScriptProperties& properties_;
  std::vector<ScriptTransaction> found_;
  size_t at_ = 0;
  bool open_ = false;
};

}  // namespace

std::vector<ScriptTransaction> TransactionsOf(const std::vector<sql::Statement>& statements,
                                              const sql::ScriptProperties& properties) {
  if (statements.empty()) return {};
  if (properties.outside_transaction || properties.transaction_control) {
    return Division(statements, properties).Divide();
  }
  ScriptTransaction whole{0, statements.size() - 1};
  for (const sql::Statement& statement : statements) {
    whole.divisible = whole.divisible && IsDivisible(statement);
  }
  return {whole};
}

}  // namespace ballast::lint
