// SPDX-License-Identifier: Apache-2.0
#include "run/recorded_run.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "project/project_name.h"

namespace ballast::run {

void RecordedRun::NoteSelection(const project::ProjectContext& context) {
  report_.run.project = project::NameOf(context);
  if (report_.strategy) report_.run.strategy = plan::NameOf(*report_.strategy);
}

void RecordedRun::NoteObservation(const plan::Observation& observation) {
  FillTarget(observation, *report_.run.target);
  journal_ = JournalState(observation);
  if (observation.journal_release) {
    report_.run.release_before = observation.journal_release->version;
  }
}

report::RunReport RecordedRun::SoFar() const {
  report::RunReport run = report_.run;
  run.duration_ms = watch_.Elapsed();
  return run;
}

postgres::RunRow RecordedRun::Row(report::RunReport so_far, const plan::Plan& plan,
                                  int round_trips) const {
  so_far.recorded += RowsWrittenBy(plan);
  so_far.round_trips = round_trips + 1;  // with the message that this row is part of
  postgres::RunRow row = RowOf(so_far);
  row.apply_ms = stages_.RunningMilliseconds();
  return row;
}

postgres::RunRow RecordedRun::RowOfScript(const plan::Plan& plan) const {
  report::RunReport run = report_.run;
  run.recorded += RowsWrittenBy(plan);
  run.stages.clear();
  run.round_trips = 0;
  postgres::RunRow row = RowOf(run);
  row.starts_later = true;
  return row;
}

postgres::JournalContext RecordedRun::Journal(const plan::Intent& intent,
                                              const std::string& version) const {
  postgres::JournalContext journal;
  journal.deployment = report_.run.run;
  journal.strategy = report_.strategy;
  const auto* release = std::get_if<plan::ApplyRelease>(&intent);
  if (release != nullptr) journal.release = JournalReleaseOf(*release, version);
  return journal;
}

void RecordedRun::RecordFailure(postgres::Session& session, report::RunReport so_far,
                                const Error& error) const {
  // After B602, another role will probably deploy, and could not write into a journal of this one.
  const bool begins = so_far.command == "deploy" && journal_ && !journal_->is_foreign &&
                      error.code != ErrorCode::kPrivilege;
  run::RecordFailure(session, journal_, std::move(so_far), error, error.partial || begins);
}

plan::JournalRelease JournalReleaseOf(const plan::ApplyRelease& release,
                                      const std::string& version) {
  const std::vector<release::PreviousRelease>& previous = release.previous;
  const auto end = version == release.version
                       ? previous.end()
                       : std::ranges::find(previous, version, &release::PreviousRelease::version);
  plan::JournalRelease reached{
      version, end == previous.end() ? release.baseline.checksum : end->baseline_checksum, {}};
  std::set<std::string_view> known;  // a release with hotfixes has the baseline of the release
  for (auto older = previous.begin(); older != end; ++older) {
    if (known.insert(older->baseline_checksum).second) {
      reached.older_baselines.push_back(older->baseline_checksum);
    }
  }
  return reached;
}

int RowsWrittenBy(const plan::Plan& plan) {
  size_t rows = 0;
  for (const plan::Step* step : plan::StepsOf(plan)) {
    if (const auto* run = std::get_if<plan::InsertExecutedRows>(&step->act)) {
      rows += run->migrations.size();
    } else if (const auto* marked = std::get_if<plan::InsertResolvedRows>(&step->act)) {
      rows += marked->migrations.size();
    } else if (const auto* script = std::get_if<plan::RunScript>(&step->act)) {
      rows += script->record ? 1 : 0;
    }
  }
  return static_cast<int>(rows);
}

}  // namespace ballast::run
