// SPDX-License-Identifier: Apache-2.0
#include "commands/repair.h"

#include "assess/assess.h"
#include "change/repair_goal.h"
#include "commands/live_change.h"
#include "plan/change_refusals.h"

namespace ballast::commands {
namespace {

Status RepairDatabase(const RepairOptions& options, LiveChange& change, RepairReport& report) {
  const assess::Assessment& assessment = change.assessment();
  const auto refusal = plan::RefuseRepair(assessment.decision, assessment.observation);
  if (refusal) return change.Refuse(*refusal);
  TRY_ASSIGN(const change::RepairGoal goal,
             change::GoalByRows(change.project(), assessment.observation));
  report.goal = goal.scripts.name;
  report.run.release = goal.version;
  TRY_ASSIGN(scratch::ScratchServer server, change.StartScratch());
  TRY_ASSIGN(const proof::GoalState state, change::MakeGoal(goal, server, change.progress()));
  change::ChangeQuestion question{state, nullptr, change.Rules(), options.drop};
  question.restore_rows = true;
  question.may_commit_apart = true;
  question.guard_losses = true;
  return change.Make(question, goal.rows, {"--drop", {}, {}});
}

}  // namespace

RepairReport Repair(const RepairOptions& options, const project::Invocation& invocation) {
  return ReportChange<RepairReport>("repair", options, invocation,
                                    [&](LiveChange& change, RepairReport& report) {
                                      return RepairDatabase(options, change, report);
                                    });
}

}  // namespace ballast::commands
