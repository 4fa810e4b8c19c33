// SPDX-License-Identifier: Apache-2.0
// Transactions of a plan that travel in one message.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apply/compile.h"
#include "apply/message.h"
#include "plan/plan.h"
#include "postgres/session.h"

namespace ballast::apply {

// What came of a batch.
struct BatchAnswer {
  postgres::Outcome outcome;
  size_t committed = 0;  // of its transactions, from the first: confirmed by the server
  int recorded = 0;      // rows of the migrations table that those wrote
  std::vector<ScriptTime> times;
  // Of an error: the transaction that it belongs to, and where. If `failed` is greater than
  // `committed`, the server refused to parse the message, and did nothing from `committed` on.
  size_t failed = 0;
  ErrorLocation culprit;
  bool script_begun = false;  // a script of the failed transaction had begun
  bool scripts_done = false;  // all of its scripts had run
};

// The plan's transactions have to outlive it.
class Batch {
 public:
  explicit Batch(const Compiler& compiler) : compiler_(&compiler) {}

  // A kInTransaction or a kManagesOwn. `end` is SQL of ballast's own that belongs to it.
  void Add(const plan::Transaction& transaction, const std::string& end);

  bool empty() const { return transactions_.empty(); }
  size_t bytes() const { return message_.size(); }
  const std::vector<const plan::Transaction*>& transactions() const { return transactions_; }

  BatchAnswer Send(postgres::Session& session);

 private:
  size_t TransactionOf(const ErrorLocation& culprit) const;

  const Compiler* compiler_;
  std::vector<const plan::Transaction*> transactions_;
  std::vector<int> commits_;  // that the server has confirmed once the n-th is committed
  std::vector<int> scripts_;  // of the transactions up to the n-th, it included
  Message message_;
};

// The script of a kManagesOwn or of a kAlone.
const plan::RunScript& ScriptOf(const plan::Transaction& transaction);
// The script of that name in the transaction; empty where it has none.
std::string_view ScriptTextIn(const plan::Transaction& transaction, std::string_view name);

}  // namespace ballast::apply
