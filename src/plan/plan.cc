// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/shell_word.h"
#include "base/text.h"

namespace ballast::plan {

std::string_view NameOf(Found found) {
  switch (found) {
    case Found::kFresh:
      return "fresh";
    case Found::kCurrent:
      return "current";
    case Found::kBehind:
      return "behind";
    case Found::kNotManaged:
      return "foreign";
    case Found::kFailed:
      return "failed";
    case Found::kAhead:
      return "ahead";
    case Found::kOtherStrategy:
      return "other_ledger";
    case Found::kUnknown:
      return "unknown";
  }
  return "";
}

bool IsUpToDate(Found found) {
  return found == Found::kCurrent || found == Found::kAhead;
}

std::string_view NameOf(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kApply:
      return "apply";
    case DecisionKind::kNothing:
      return "nothing";
    case DecisionKind::kRefuse:
      return "refuse";
  }
  return "";
}

std::vector<const Step*> StepsOf(const Plan& plan) {
  std::vector<const Step*> steps;
  for (const Transaction& transaction : plan.transactions) {
    for (const Step& step : transaction.steps) steps.push_back(&step);
  }
  return steps;
}

std::string_view ScriptNamed(const Plan& plan, const std::string& name) {
  for (const Step* step : StepsOf(plan)) {
    const auto* run = std::get_if<RunScript>(&step->act);
    if (run != nullptr && run->migration.name == name) return run->Script();
  }
  return {};
}

size_t ScriptsAfterComparison(const Plan& plan) {
  bool compared = false;
  size_t scripts = 0;
  for (const Step* step : StepsOf(plan)) {
    if (std::holds_alternative<VerifyCatalog>(step->act)) {
      compared = true;
      scripts = 0;
    } else if (std::holds_alternative<RunScript>(step->act)) {
      ++scripts;
    }
  }
  return compared ? scripts : 0;
}

const VerifyCatalog* VerifyOf(const Transaction& transaction) {
  for (const Step& step : transaction.steps) {
    if (const auto* verify = std::get_if<VerifyCatalog>(&step.act)) return verify;
  }
  return nullptr;
}

const Transaction* FinalComparison(const Plan& plan) {
  if (plan.empty()) return nullptr;
  const Transaction& last = plan.transactions.back();
  const bool only_compares = std::ranges::all_of(
      last.steps, [](const Step& step) { return std::holds_alternative<VerifyCatalog>(step.act); });
  return only_compares && !last.steps.empty() ? &last : nullptr;
}

std::string HintOf(const std::vector<std::string>& remedies) {
  return Join(remedies, "; ");
}

const release::FingerprintRecord* ProvenAfter(const Plan& plan) {
  const release::FingerprintRecord* last = nullptr;
  for (const Transaction& transaction : plan.transactions) {
    if (const VerifyCatalog* verify = VerifyOf(transaction)) last = &verify->expected();
  }
  return last;
}

Error ErrorOf(const Refusal& refusal) {
  Error error = MakeError(refusal.code, refusal.message, HintOf(refusal.remedies), refusal.where);
  error.details = refusal.details;
  if (!refusal.where.file.empty()) error.details.emplace_back("migration", refusal.where.file);
  return error;
}

std::string RemedyOf(const RenamedMigration& renamed) {
  return fmt::format(
      "if the folder of {} was renamed to {}: ballast resolve --applied {}; then deploy again",
      renamed.recorded_as, renamed.name, ShellWord(renamed.name));
}

}  // namespace ballast::plan
