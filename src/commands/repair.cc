// SPDX-License-Identifier: Apache-2.0
#include "commands/repair.h"

#include "assess/assess.h"
#include "change/repair_goal.h"
#include "commands/live_change.h"
#include "plan/change_refusals.h"
#include "project/project_context.h"

namespace ballast::commands {
namespace {

class RepairRun {
 public:
  RepairRun(const RepairOptions& options, const project::Invocation& invocation,
            RepairReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Act(LiveChange& change) {
    const assess::Assessment& assessment = change.assessment();
    const auto refusal = plan::RefuseRepair(assessment.decision, assessment.observation);
    if (refusal) return change.Refuse(*refusal);
    TRY_ASSIGN(const change::RepairGoal goal,
               change::GoalByRows(change.project(), assessment.observation));
    report_.goal = goal.scripts.name;
    report_.run.release = goal.version;
    TRY_ASSIGN(scratch::ScratchServer server, change.StartScratch());
    TRY_ASSIGN(const proof::GoalState state, change::MakeGoal(goal, server, *invocation_.progress));
    change::ChangeQuestion question{state, nullptr, change.Rules(), options_.drop};
    question.restore_rows = true;
    question.may_commit_apart = true;
    question.guard_losses = true;
    return change.Make(question, goal.rows, {"--drop", {}, {}});
  }

 private:
  const RepairOptions& options_;
  const project::Invocation& invocation_;
  RepairReport& report_;
};

}  // namespace

RepairReport Repair(const RepairOptions& options, const project::Invocation& invocation) {
  return ReportChange<RepairReport>("repair", options, invocation,
                                    [&](LiveChange& change, RepairReport& report) {
                                      return RepairRun(options, invocation, report).Act(change);
                                    });
}

}  // namespace ballast::commands
