// SPDX-License-Identifier: Apache-2.0
#include "lint/script_transaction.h"

#include "sql/lexer.h"

namespace ballast::lint {
namespace {

// Whether rows that later statements write may be wrong until the transaction ends.
bool DefersChecks(const sql::Statement& statement, const sql::ScriptProperties& script) {
  const std::vector<sql::Token> tokens = sql::Tokenize(statement.text);
  const sql::TokenReader reader(statement.text, tokens);
  if (reader.Is("set") && reader.Is("constraints", 1)) return true;
  return script.writes_rows && reader.Has("initially", "deferred");
}

// Settings of the transaction can be made again; nothing else that lasts until its end.
bool IsDivisible(const sql::Statement& statement, const sql::ScriptProperties& script) {
  if (DefersChecks(statement, script)) return false;
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
      const sql::TransactionAct act = statements_[at_].transaction;
      if (!open_) {
        open_ = act == sql::TransactionAct::kBegin;
        found_.push_back({at_, at_, open_, !open_ || !properties_.uses_own_value});
        continue;
      }
      ScriptTransaction& current = found_.back();
      current.last = at_;
      if (EndsTransaction(act)) {
        open_ = false;
        current.divisible = current.divisible && act == sql::TransactionAct::kCommit;
      } else {
        current.divisible = current.divisible && IsDivisible(statements_[at_], properties_);
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
    whole.divisible = whole.divisible && IsDivisible(statement, properties);
  }
  return {whole};
}

}  // namespace ballast::lint
