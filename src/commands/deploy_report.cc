// SPDX-License-Identifier: Apache-2.0
#include "commands/deploy_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "assess/summary.h"
#include "base/text.h"
#include "plan/conversion_state.h"

namespace ballast::commands {
namespace {

// The migrations of the project that the database has recorded when the plan compares it last:
// those of its rows, those that the plan marks, and those that it runs before and no other
// replaces.
size_t MigrationsAtComparison(const plan::Plan& plan, const std::vector<std::string>& unknown,
                              const plan::Observation& observation) {
  std::set<std::string_view> names = plan::NamesAfterConversion(plan, observation);
  for (const std::string& name : unknown) names.erase(name);
  std::vector<std::string_view> ran;
  for (const plan::Step* step : plan::StepsOf(plan)) {
    const auto* run = std::get_if<plan::RunScript>(&step->act);
    if (run != nullptr && run->record) ran.emplace_back(run->migration.name);
    if (std::holds_alternative<plan::VerifyCatalog>(step->act))
      names.insert(ran.begin(), ran.end());
    // Scripts that a squash has replaced.
    const auto* deleted = std::get_if<plan::DeleteHistoryRows>(&step->act);
    if (deleted == nullptr) continue;
    for (const std::string& name : deleted->of_scripts) names.erase(name);
  }
  return names.size();
}

}  // namespace

Status FillDecision(assess::Assessment& assessment, DeployReport& report) {
  plan::Decision& decision = assessment.decision;
  assess::Summary summary = assess::Summarize(assessment, {});
  report.found = decision.found;
  report.run.found = plan::NameOf(decision.found);
  report.decision = decision.kind();
  report.failures = std::move(assessment.failures);
  report.decision_notices = std::move(decision.notices);
  if (assessment.live) {
    report.run.additions = report.dry_run ? std::move(summary.additions)
                                          : plan::NamesOfAdditions(assessment.live->comparison);
    report.run.drift = std::move(summary.drift);
    report.ignored = std::move(summary.ignored);
  }
  report.run.fingerprint_expected = std::move(summary.fingerprint_expected);
  report.run.fingerprint_actual = std::move(summary.fingerprint_actual);
  if (summary.refusal) {
    report.evidence = std::move(summary.evidence);
    report.remedies = std::move(summary.remedies);
    return *std::move(summary.refusal);
  }
  report.plan = std::get<plan::Plan>(std::move(decision.answer));
  report.covered = 0;
  for (const plan::Step* step : plan::StepsOf(report.plan)) {
    const auto* record = std::get_if<plan::InsertResolvedRows>(&step->act);
    if (record == nullptr) continue;
    report.covered += static_cast<int>(record->migrations.size());
    report.compared_migrations =
        MigrationsAtComparison(report.plan, decision.unknown, assessment.observation);
  }
  return {};
}

namespace {

// Of the scripts after the last comparison, those that were committed.
size_t AppliedAfterComparison(const plan::Plan& plan, const std::vector<std::string>& applied) {
  size_t count = 0;
  for (const plan::Step* step : plan::StepsOf(plan)) {
    if (std::holds_alternative<plan::VerifyCatalog>(step->act)) count = 0;
    const auto* script = std::get_if<plan::RunScript>(&step->act);
    if (script == nullptr) continue;
    count += static_cast<size_t>(std::ranges::count(applied, script->migration.name));
  }
  return count;
}

void FillComparison(const apply::RunOutcome& outcome, DeployReport& report) {
  report.layout_equal = outcome.layout_equal;
  if (!outcome.fingerprint.empty() || outcome.compared_again) {
    report.run.drift = outcome.accepted;
    report.ignored = outcome.ignored;
  }
  if (plan::HasStep<plan::VerifyCatalog>(report.plan)) {
    const size_t later = plan::ScriptsAfterComparison(report.plan);
    report.scripts_not_compared = AppliedAfterComparison(report.plan, outcome.applied);
    report.fingerprint_before_scripts = later > 0 ? outcome.fingerprint : std::string();
    if (later > 0) return;
  } else if (!report.fingerprint_before_scripts.empty()) {
    // An earlier attempt has compared and committed, and this one continued with its scripts.
    report.scripts_not_compared += outcome.applied.size();
    return;
  }
  report.run.fingerprint_expected = outcome.expected_fingerprint;
  report.run.fingerprint_actual = outcome.fingerprint;
  report.live_objects = outcome.live_objects;
}

}  // namespace

void AddOutcome(apply::RunOutcome outcome, DeployReport& report) {
  FillComparison(outcome, report);
  for (size_t i = 0; i < outcome.applied.size() && i < outcome.took.size(); ++i) {
    report.run.migrations.push_back({outcome.applied[i], outcome.took[i]});
    report.applied.push_back(std::move(outcome.applied[i]));
  }
  report.run.recorded += outcome.recorded;
  for (const std::string& lost : outcome.lost_additions) std::erase(report.run.additions, lost);
  for (const auto& [before, left] : outcome.remainders) {
    std::replace(report.run.additions.begin(), report.run.additions.end(), before, left);
  }
  std::vector<std::string>& notices = report.notices;
  for (const std::string& notice : outcome.notices) {
    if (std::find(notices.begin(), notices.end(), notice) == notices.end()) {
      notices.push_back(notice);
    }
  }
}

namespace {

std::vector<std::string> EventTriggersIn(const std::vector<std::string>& additions) {
  std::vector<std::string> triggers;
  std::ranges::copy_if(additions, std::back_inserter(triggers), [](const std::string& name) {
    return name.starts_with("event trigger ") && name.find(": ") == std::string::npos;
  });
  return triggers;
}

}  // namespace

std::vector<std::string> RemarksOf(const DeployReport& report) {
  std::vector<std::string> remarks = report.remarks;
  for (std::string& text : plan::TextsOf(report.decision_notices)) {
    remarks.push_back(std::move(text));
  }
  const std::vector<std::string> reacting = EventTriggersIn(report.run.additions);
  if (report.HasChanged() && !reacting.empty()) {
    remarks.push_back(fmt::format(
        "{} may have changed the new objects (row security, policies, privileges, …): ballast "
        "status lists such additions",
        JoinSome(reacting)));
  }
  return remarks;
}

void EndPredictions(const std::vector<std::string>& lost, DeployReport& report) {
  const auto is_reported = [&](const std::string& object) {
    return std::any_of(lost.begin(), lost.end(), [&](const std::string& name) {
      return name == object || name.starts_with(object + " ");
    });
  };
  for (const plan::Notice& notice : std::exchange(report.decision_notices, {})) {
    if (notice.kind == plan::NoticeKind::kRisk) continue;
    if (notice.kind == plan::NoticeKind::kFound && !report.applied.empty()) {
      report.remarks.push_back(plan::TextAfterDeploy(notice));
    } else if (notice.kind != plan::NoticeKind::kLoss) {
      report.decision_notices.push_back(notice);
    } else if (!is_reported(notice.object)) {
      report.remarks.push_back(plan::TextAfterDeploy(notice));
    }
  }
}

}  // namespace ballast::commands
