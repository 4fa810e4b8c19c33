// SPDX-License-Identifier: Apache-2.0
#include "commands/repair.h"

#include <fmt/format.h>

#include "apply/executor.h"
#include "apply/render_sql.h"
#include "assess/assess.h"
#include "base/text.h"
#include "commands/live_change.h"
#include "commands/repair_goal.h"
#include "postgres/connect_with_retry.h"
#include "project/project_context.h"

namespace ballast::commands {
namespace {

class RepairRun {
 public:
  RepairRun(const RepairOptions& options, const project::Invocation& invocation,
            RepairReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    TRY_ASSIGN(LiveChange change, LiveChange::Begin(options_, invocation_, report_));
    return change.Recorded(Act(change));
  }

 private:
  Status Act(LiveChange& change) {
    if (const auto refusal = Refuse(change.assessment())) return change.Refuse(*refusal);
    TRY_ASSIGN(const RepairGoal goal,
               GoalByRows(change.intent(), change.context(), change.artifacts(),
                          change.assessment().observation));
    report_.goal = goal.scripts.name;
    TRY_ASSIGN(scratch::ScratchServer server, change.StartScratch());
    TRY_ASSIGN(const proof::GoalState state, MakeGoal(goal, server, *invocation_.progress));
    ChangeQuestion question{"repair", goal.scripts.name, state, nullptr, change.Rules(), {}, false,
                            true};
    question.allowed_losses = options_.drop;
    question.may_commit_apart = true;
    question.guard_losses = true;
    return change.Make(question, RowSteps(goal, change.assessment().observation), "--drop", {});
  }

  // The refusal for a database that cannot be repaired, if any.
  static std::optional<plan::Refusal> Refuse(const assess::Assessment& assessment) {
    const plan::Decision& decision = assessment.decision;
    const bool failed = decision.found == plan::Found::kFailed;
    if (failed && decision.refusal() != nullptr) return *decision.refusal();
    if (decision.found == plan::Found::kAhead) return Ahead(assessment);
    const bool unknown = decision.found == plan::Found::kBehind && !decision.unknown.empty();
    if (unknown) return Unknown(decision);
    if (decision.found != plan::Found::kFresh) return std::nullopt;
    return plan::Refusal{ErrorCode::kCannotTell,
                         "the database is empty: there is nothing to repair",
                         {},
                         {"ballast deploy"}};
  }

  // A repair would undo migrations that the project does not know.
  static plan::Refusal Unknown(const plan::Decision& decision) {
    return {ErrorCode::kAhead,
            fmt::format("the database has {} that the project does not know, and a repair would "
                        "undo {}",
                        Counted(decision.unknown.size(), "migration"),
                        decision.unknown.size() == 1 ? "it" : "them"),
            decision.unknown,
            {"if it is a hotfix, copy it into the migrations: ballast hotfix merge; then make the "
             "release again",
             "otherwise use the version of the project that has it"}};
  }

  // An older project does not know what a newer database should be.
  static plan::Refusal Ahead(const assess::Assessment& assessment) {
    const auto& deployed = assessment.observation.journal_release;
    const bool release = deployed && assessment.decision.unknown == std::vector{deployed->version};
    plan::Refusal refusal;
    refusal.code = ErrorCode::kAhead;
    if (release) {
      refusal.message = fmt::format(
          "the database is ahead of this project: it is at release {}, and a repair would undo it",
          deployed->version);
      refusal.remedies = {
          fmt::format("to repair it, use the package of {}: ballast repair --package PATH",
                      deployed->version),
          fmt::format("to go back, use the package of {0}: ballast rollback --to VERSION "
                      "--package PATH",
                      deployed->version)};
      return refusal;
    }
    refusal.message = fmt::format(
        "the database is ahead of this project: it has {} that the project does not know",
        Counted(assessment.decision.unknown.size(), "migration"));
    refusal.evidence = assessment.decision.unknown;
    refusal.remedies = {"to repair it, use the newer version of the project",
                        "to go back, use the newer version, too: ballast rollback --to NAME"};
    return refusal;
  }

  const RepairOptions& options_;
  const project::Invocation& invocation_;
  RepairReport& report_;
};

}  // namespace

RepairReport Repair(const RepairOptions& options, const project::Invocation& invocation) {
  return ReportOf<RepairReport>("repair", options, invocation, [&](RepairReport& report) {
    return RepairRun(options, invocation, report).Run();
  });
}

}  // namespace ballast::commands
