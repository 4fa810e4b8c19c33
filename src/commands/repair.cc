// SPDX-License-Identifier: Apache-2.0
#include "commands/repair.h"

#include "assess/assess.h"
#include "change/live_change.h"
#include "change/repair_goal.h"
#include "plan/change_refusals.h"

namespace ballast::commands {
namespace {

Status RepairDatabase(const RepairOptions& options, change::LiveChange& change,
                      RepairReport& report) {
  const assess::Assessment& assessment = change.assessment();
  const auto refusal = plan::RefuseRepair(assessment.decision, assessment.observation);
  if (refusal) return change.Refuse(*refusal);
  TRY_ASSIGN(change::RepairGoal goal,
             change::GoalByRows(change.project(), assessment.observation, "ballast repair"));
  goal.scripts.with_rows = true;
  report.goal = goal.scripts.name;
  report.run.release = goal.version;
  if (const auto unrecorded = plan::RefuseUnrecorded(goal.unrecorded, options.applied)) {
    return change.Refuse(*unrecorded);
  }
  TRY_ASSIGN(scratch::ScratchServer server, change.StartScratch());
  TRY_ASSIGN(const proof::GoalState state, change::MakeGoal(goal, server, change.progress()));
  return change.Make(
      {change::RepairTo{state}, change.Rules(), options.drop, false, {}, options.OnlyShows()},
      goal.rows, {"--drop", {}, {}});
}

}  // namespace

RepairReport Repair(const RepairOptions& options, const project::Invocation& invocation) {
  return change::ReportChange<RepairReport>("repair", options, invocation,
                                            [&](change::LiveChange& change, RepairReport& report) {
                                              return RepairDatabase(options, change, report);
                                            });
}

}  // namespace ballast::commands
