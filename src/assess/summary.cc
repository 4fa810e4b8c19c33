// SPDX-License-Identifier: Apache-2.0
#include "assess/summary.h"

#include "assess/live_state.h"
#include "plan/other_project.h"

namespace ballast::assess {
namespace {

std::vector<std::string> RemediesOf(const plan::Decision& decision,
                                    const std::string& deploy_command) {
  if (const plan::Refusal* refusal = decision.refusal()) return refusal->remedies;
  if (!decision.pending.empty()) return {"apply the pending migrations: " + deploy_command};
  if (decision.found == plan::Found::kOtherStrategy) return {"convert the rows: " + deploy_command};
  if (!plan::IsUpToDate(decision.found)) {
    return {"bring the database up to date: " + deploy_command};
  }
  return {};
}

}  // namespace

bool Summary::HasEverything() const {
  return found && plan::IsUpToDate(*found) && !refusal;
}

bool Summary::IsUpToDate() const {
  return HasEverything() && differences.empty();
}

Summary Summarize(const Assessment& assessment, const std::string& deploy_command) {
  const plan::Decision& decision = assessment.decision;
  Summary summary;
  summary.found = decision.found;
  summary.pending = decision.pending;
  summary.unknown = decision.unknown;
  for (const FailureLine& line : assessment.failures) summary.failed.push_back(line.name);
  if (const plan::Refusal* refusal = decision.refusal()) {
    summary.refusal = plan::ErrorOf(*refusal);
    summary.evidence = refusal->evidence;
  }
  summary.remedies = RemediesOf(decision, deploy_command);
  summary.compared = assessment.IsCompared();
  if (assessment.live) {
    summary.additions = plan::NamesOfRemainingAdditions(assessment.live->comparison);
    summary.drift = DescribeDrift(*assessment.live);
    summary.ignored = DescribeIgnored(*assessment.live);
  }
  if (!assessment.comparison) return summary;
  summary.fingerprint_expected = assessment.comparison->expected;
  summary.fingerprint_actual = assessment.comparison->actual;
  summary.differences = assessment.comparison->differences;
  if (!assessment.live) summary.drift = summary.differences;
  // A refusal has its own.
  if (!summary.differences.empty() && !summary.refusal) {
    summary.remedies = {
        "show what would restore it: ballast repair --dry-run; then: ballast repair",
        "compare it with schema.prisma, too: ballast schema check --live"};
    const bool lacks_all = assessment.live && assessment.live->comparison.lacks_all_tables;
    if (lacks_all) summary.remedies = plan::RemediesIfAllIsMissing();
  }
  return summary;
}

}  // namespace ballast::assess
