// SPDX-License-Identifier: Apache-2.0
// A plan: the transactions that bring a database to where the project wants it, in order. Every
// boundary between them is decided here; apply/ carries them out and decides nothing. A plan can be
// printed and compared.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.h"
#include "plan/observation.h"
#include "plan/step.h"
#include "plan/strategy.h"

namespace ballast::plan {

// What deploy finds (contract, docs/decisions/0004-what-deploy-does.md).
enum class Found {
  kFresh,
  kCurrent,
  kBehind,
  kNotManaged,
  kFailed,
  kAhead,
  kOtherStrategy,
  kUnknown
};
std::string_view NameOf(Found found);  // "fresh", "other_ledger" …

// Steps that are committed together. With kManagesOwn and kSplit it is one RunScript, with kAlone
// one RunScript or one DropInvalidIndex. It has at most one VerifyCatalog.
struct Transaction {
  ScriptMode mode = ScriptMode::kInTransaction;
  std::vector<Step> steps;
};

struct Plan {
  std::vector<Transaction> transactions;  // empty: the database is there already

  bool empty() const { return transactions.empty(); }
};

// All steps of a plan, in order; they live as long as the plan does.
std::vector<const Step*> StepsOf(const Plan& plan);
// The comparison of a transaction, or null.
const VerifyCatalog* VerifyOf(const Transaction& transaction);

// A decision not to act, with evidence and remedies.
struct Refusal {
  ErrorCode code = ErrorCode::kCannotTell;
  std::string message;
  std::vector<std::string> evidence;
  std::vector<std::string> remedies;  // commands to type
  Place where = {};                   // a migration and its line, where one is the cause
};
// As an error: code, sentence and place.
Error ErrorOf(const Refusal& refusal);

enum class DecisionKind { kApply, kNothing, kRefuse };
std::string_view NameOf(DecisionKind kind);  // "apply", "nothing", "refuse"

// A migration that is to run and has the script of one that is recorded under a name that the
// project does not have: its folder may have been renamed.
struct RenamedMigration {
  std::string name;
  std::string recorded_as;
};
// What to do if it was.
std::string RemedyOf(const RenamedMigration& renamed);

struct Decision {
  Found found = Found::kUnknown;
  std::variant<Plan, Refusal> answer;
  std::vector<std::string> notices;
  std::vector<std::string> pending;  // names that the plan would run
  std::vector<std::string> unknown;  // names in the migrations table that the project does not have
  std::vector<RenamedMigration> renamed = {};

  DecisionKind kind() const {
    if (Refused()) return DecisionKind::kRefuse;
    return plan()->empty() ? DecisionKind::kNothing : DecisionKind::kApply;
  }
  bool Refused() const { return std::holds_alternative<Refusal>(answer); }
  const Plan* plan() const { return std::get_if<Plan>(&answer); }
  const Refusal* refusal() const { return std::get_if<Refusal>(&answer); }
};

}  // namespace ballast::plan
