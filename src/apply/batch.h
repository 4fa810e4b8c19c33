// SPDX-License-Identifier: Apache-2.0
// Transactions of a plan that are sent in one message.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apply/compile.h"
#include "apply/message.h"
#include "plan/plan.h"
#include "postgres/session.h"

namespace ballast::apply {

// The result of a batch.
struct BatchAnswer {
  postgres::Outcome outcome;
  size_t committed = 0;  // its first transactions, whose commit the server has confirmed
  int recorded = 0;      // rows of the migrations table that these wrote
  // For an error: the transaction in which it occurred, and where. If `failed` is greater than
  // `committed`, the server could not parse the message and executed nothing from `committed` on.
  size_t failed = 0;
  ErrorLocation location;
  bool script_begun = false;  // a script of the failed transaction had begun
  bool scripts_done = false;  // all of its scripts had finished
};

// The plan's transactions must outlive it.
class Batch {
 public:
  explicit Batch(const Compiler& compiler) : compiler_(&compiler) {}

  // Adds a kInTransaction or kManagesOwn.
  void Add(const plan::Transaction& transaction, const Frame& frame);

  bool empty() const { return transactions_.empty(); }
  size_t bytes() const { return message_.size(); }
  const std::vector<const plan::Transaction*>& transactions() const { return transactions_; }

  BatchAnswer Send(postgres::Session& session, const ScriptListener& listener);

 private:
  size_t TransactionOf(const ErrorLocation& location) const;

  const Compiler* compiler_;
  std::vector<const plan::Transaction*> transactions_;
  std::vector<int> commits_;  // commits confirmed once the n-th transaction is committed
  std::vector<int> scripts_;  // scripts of the transactions up to and including the n-th
  Message message_;
};

// The script of a kManagesOwn or kAlone.
const plan::RunScript& ScriptOf(const plan::Transaction& transaction);
// The script of that name in the transaction; empty if there is none.
std::string_view ScriptTextIn(const plan::Transaction& transaction, std::string_view name);

}  // namespace ballast::apply
