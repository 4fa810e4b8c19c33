// SPDX-License-Identifier: Apache-2.0
#include "apply/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "apply/compile.h"
#include "apply/message.h"
#include "apply/stepwise.h"
#include "apply/verify_catalog.h"
#include "apply/version_hint.h"
#include "postgres/migrations_table.h"

namespace ballast::apply {
namespace {

// The value of the last result with that column, or empty.
std::string LastValue(const postgres::Outcome& outcome, std::string_view column, size_t index) {
  for (auto rows = outcome.results.rbegin(); rows != outcome.results.rend(); ++rows) {
    if (!rows->columns.empty() && rows->columns[0] == column && !rows->rows.empty()) {
      return rows->rows[0][index].value_or("");
    }
  }
  return {};
}

const plan::VerifyCatalog* VerifyOf(const plan::Plan& plan) {
  for (const plan::Step& step : plan.steps) {
    if (const auto* verify = std::get_if<plan::VerifyCatalog>(&step.act)) return verify;
  }
  return nullptr;
}

struct Atomic {
  const plan::Plan& plan;
  const Compiler& compiler;
  postgres::Session& session;
  const RunContext& context;

  // Sends one message; a failure leaves no transaction open.
  Status Send(Message& message) const {
    const postgres::Outcome outcome = message.Send(session);
    return Checked(message, outcome);
  }

  Status Checked(const Message& message, const postgres::Outcome& outcome) const {
    if (!outcome.error) return {};
    const postgres::ServerError& error = *outcome.error;
    if (error.connection_lost) return ErrorOf(error, "the deployment");
    const postgres::Outcome rollback = session.Run("ROLLBACK");
    Error made = ScriptError(error, message.CulpritOf(outcome));
    AddVersionHint(session, context.proven_on, made);
    return made;
  }

  // The server's verdict may be wrong in one direction: it knows no two wordings of one thing, and
  // nothing of families of objects that the proven database had none of. So a database that it does
  // not know is made again and read.
  Status CompareByServer(RunOutcome& result) const {
    Message message;
    compiler.AddWholeTransaction(plan, message);
    const postgres::Outcome outcome = message.Send(session);
    const plan::VerifyCatalog* verify = VerifyOf(plan);
    if (verify != nullptr && outcome.error && IsVerdict(*outcome.error)) {
      const postgres::Outcome rollback = session.Run("ROLLBACK");
      return CompareByUs(*verify, result);
    }
    TRY(Checked(message, outcome));
    if (verify != nullptr) {
      result.fingerprint = verify->expected().catalog;
      result.layout_equal =
          LastValue(outcome, "ballast_catalog", 1) == verify->expected().server_objects_layout;
    }
    return {};
  }

  Status CompareByUs(const plan::VerifyCatalog& verify, RunOutcome& result) const {
    Message message;
    compiler.AddUntilVerify(plan, message);
    TRY(Send(message));
    auto live = CompareHere(verify, compiler.schema(), session, context.expected_facts);
    if (!live) {
      const postgres::Outcome rollback = session.Run("ROLLBACK");
      return std::move(live).error();
    }
    result.fingerprint = live->fingerprint;
    result.layout_equal = live->layout == verify.expected().layout;
    Message rest;
    compiler.AddFromVerify(plan, rest);
    return Send(rest);
  }
};

bool AllShareATransaction(const std::vector<plan::Step>& steps) {
  return std::all_of(steps.begin(), steps.end(), [](const plan::Step& step) {
    const auto* run = std::get_if<plan::RunScript>(&step.act);
    const bool alone = std::holds_alternative<plan::DropInvalidIndex>(step.act);
    return !alone && (run == nullptr || run->in_transaction);
  });
}

bool IsVerify(const plan::Step& step) {
  return std::holds_alternative<plan::VerifyCatalog>(step.act);
}

bool IsScript(const plan::Step& step) {
  return std::holds_alternative<plan::RunScript>(step.act);
}

void AddPart(std::vector<plan::Plan>& parts, std::vector<plan::Step> steps, bool atomic) {
  if (!steps.empty()) parts.push_back({std::move(steps), atomic});
}

// A plan that is not atomic as a whole: what belongs to the comparison (the scripts before it, if
// they can share its transaction, and the rows after it) stays atomic, the rest goes step by step.
// Nothing where the plan is one part.
std::vector<plan::Plan> PartsOf(const plan::Plan& plan) {
  const auto verify = std::find_if(plan.steps.begin(), plan.steps.end(), IsVerify);
  std::vector<plan::Plan> parts;
  if (plan.atomic || verify == plan.steps.end()) return parts;
  const auto rest = std::find_if(verify, plan.steps.end(), IsScript);
  std::vector<plan::Step> before(plan.steps.begin(), verify);
  std::vector<plan::Step> proof(verify, rest);
  if (AllShareATransaction(before)) {
    before.insert(before.end(), proof.begin(), proof.end());
    AddPart(parts, std::move(before), true);
  } else {
    AddPart(parts, std::move(before), false);
    AddPart(parts, std::move(proof), true);
  }
  AddPart(parts, {rest, plan.steps.end()}, false);
  return parts;
}

Status RunAtomic(const Atomic& atomic, const plan::Observation& observation, RunOutcome& result) {
  const plan::VerifyCatalog* verify = VerifyOf(atomic.plan);
  if (verify == nullptr || ServerCanCompare(verify->expected(), observation.server.major)) {
    return atomic.CompareByServer(result);
  }
  return atomic.CompareByUs(*verify, result);
}

Status RunPart(const plan::Plan& part, const Compiler& compiler, const Atomic& atomic,
               const plan::Observation& observation, RunOutcome& result, Progress& progress) {
  if (!part.atomic) {
    return RunStepwise({part, compiler, atomic.session, atomic.context}, result, progress);
  }
  TRY(RunAtomic(atomic, observation, result));
  for (std::string& name : ScriptsOf(part)) result.applied.push_back(std::move(name));
  return {};
}

Status CheckSizes(const plan::Plan& plan) {
  for (const plan::Step& step : plan.steps) {
    const auto* run = std::get_if<plan::RunScript>(&step.act);
    if (run == nullptr) continue;
    TRY(CheckSize(run->migration.name, run->Script(),
                  run->in_transaction ? SplitPolicy::kBetweenStatements : SplitPolicy::kNever));
  }
  return {};
}

// What earlier parts committed stays, so a later "nothing was changed" becomes "stopped midway".
Error AfterEarlierParts(Error error) {
  if (error.code == ErrorCode::kDrift) error.code = ErrorCode::kVerifyAfterFailed;
  return error;
}

}  // namespace

Result<RunOutcome> Run(const plan::Plan& plan, const plan::Observation& observation,
                       postgres::Session& session, const RunContext& context, Progress& progress) {
  RunOutcome result;
  if (plan.steps.empty()) return result;
  TRY(CheckSizes(plan));
  const Compiler compiler(observation, session.target(), context.journal);
  if (!observation.server.can_create_schema && !observation.has_journal) {
    result.notices.push_back(
        "the journal of deployments is left out: the role may not create the schema ballast");
  }
  if (const auto* verify = VerifyOf(plan)) {
    result.expected_fingerprint = verify->expected().catalog;
  }
  result.recorded = RowsRecorded(plan);
  const std::vector<plan::Plan> several = PartsOf(plan);
  const auto parts = several.empty() ? std::span(&plan, 1) : std::span(several);
  for (const plan::Plan& part : parts) {
    const Atomic atomic{part, compiler, session, context};
    Status done = RunPart(part, compiler, atomic, observation, result, progress);
    if (done) continue;
    const bool first = &part == &parts.front();
    return first ? std::move(done).error() : AfterEarlierParts(std::move(done).error());
  }
  return result;
}

}  // namespace ballast::apply
