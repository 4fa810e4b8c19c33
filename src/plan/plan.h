// SPDX-License-Identifier: Apache-2.0
// A plan: the ordered transactions that bring a database to the intended state. All boundaries
// between transactions are decided in plan/; apply/ executes them and decides nothing. Plans can be
// printed and compared.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "plan/notice.h"
#include "plan/observation.h"
#include "plan/step.h"
#include "plan/strategy.h"

namespace ballast::plan {

// The state in which a deploy finds the database (docs/decisions/0004-what-deploy-does.md).
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
// Whether the database has everything that the project has, and perhaps more: current or ahead.
bool IsUpToDate(Found found);

// Steps that are committed together. With kManagesOwn and kSplit there is exactly one RunScript;
// with kAlone one RunScript or one DropInvalidIndex. At most one step is a VerifyCatalog.
struct Transaction {
  ScriptMode mode = ScriptMode::kInTransaction;
  std::vector<Step> steps;
};

struct Plan {
  std::vector<Transaction> transactions;  // empty: there is nothing to do

  bool empty() const { return transactions.empty(); }
};

// All steps of a plan, in order; valid as long as the plan.
std::vector<const Step*> StepsOf(const Plan& plan);
// Whether one of them is of this kind.
template <class Kind>
bool HasStep(const Plan& plan) {
  for (const Transaction& transaction : plan.transactions) {
    for (const Step& step : transaction.steps) {
      if (std::holds_alternative<Kind>(step.act)) return true;
    }
  }
  return false;
}
// The text of the script with this name; empty if the plan has none. Valid as long as the plan.
std::string_view ScriptNamed(const Plan& plan, const std::string& name);
// The number of scripts after the last comparison, so that no comparison covers their effect; 0 if
// the plan compares nothing.
size_t ScriptsAfterComparison(const Plan& plan);
// The comparison of a transaction, or null.
const VerifyCatalog* VerifyOf(const Transaction& transaction);
// The last transaction, if it only compares; else null. It writes nothing that a decision reads, so
// that a database which lacks it is current. Valid as long as the plan.
const Transaction* FinalComparison(const Plan& plan);
// The record of the last comparison, or null. Valid as long as the plan.
const release::FingerprintRecord* ProvenAfter(const Plan& plan);

// A decision not to act, with evidence and remedies.
struct Refusal {
  ErrorCode code = ErrorCode::kCannotTell;
  std::string message;
  std::vector<std::string> evidence;
  std::vector<std::string> remedies;  // commands or instructions
  Place where = {};                   // the migration and line that cause it, if any
  // Further details of the error.
  std::vector<std::pair<std::string, std::string>> details = {};
  bool is_other_project = false;  // B501: the database seems to be that of another project
};
// As an error: code, sentence, place, details, and the remedies as its hint.
Error ErrorOf(const Refusal& refusal);
std::string HintOf(const std::vector<std::string>& remedies);  // in one line; or empty

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
  std::vector<Notice> notices;
  std::vector<std::string> pending;  // names that the plan would run
  std::vector<std::string> unknown;  // names in the migrations table that the project does not have
  std::vector<RenamedMigration> renamed = {};
  std::string adopted = {};  // the compared state that the plan records; empty: none

  DecisionKind kind() const {
    if (Refused()) return DecisionKind::kRefuse;
    return plan()->empty() ? DecisionKind::kNothing : DecisionKind::kApply;
  }
  bool Refused() const { return std::holds_alternative<Refusal>(answer); }
  // The database has exactly what the project has, so nothing is to be done.
  bool IsCurrent() const { return found == Found::kCurrent && kind() == DecisionKind::kNothing; }
  const Plan* plan() const { return std::get_if<Plan>(&answer); }
  const Refusal* refusal() const { return std::get_if<Refusal>(&answer); }
};

}  // namespace ballast::plan
