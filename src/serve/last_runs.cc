// SPDX-License-Identifier: Apache-2.0
#include "serve/last_runs.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_set>

#include "base/error.h"
#include "report/run_metrics.h"

namespace ballast::serve {
namespace {

using Mask = unsigned;  // a bit for each label

// The labels of a run's target. A run that failed early lacks some of them.
class Identity {
 public:
  explicit Identity(const KnownRun& run)
      : name_(run.name), labels_(report::TargetLabels(run.report)) {
    for (size_t i = 0; i < labels_.size(); ++i) {
      if (!labels_[i].second.empty()) known_ |= 1U << i;
    }
  }

  const std::string& name() const { return name_; }
  Mask known() const { return known_; }
  // The values of these labels.
  std::string Part(Mask mask) const {
    std::string part = std::to_string(mask);
    for (size_t i = 0; i < labels_.size(); ++i) {
      if ((mask >> i & 1U) != 0) part.append(1, '\0').append(labels_[i].second);
    }
    return part;
  }

 private:
  const std::string& name_;
  report::Labels labels_;
  Mask known_ = 0;
};

// Runs, by every part of their identities that another run may know.
class DatabaseIndex {
 public:
  explicit DatabaseIndex(const std::set<Mask>& masks) : masks_(masks) {}

  void Add(const Identity& run) {
    if (!run.name().empty()) names_.insert(run.name());
    for (const Mask mask : masks_) {
      if ((mask & ~run.known()) != 0) continue;
      std::string part = run.Part(mask);
      if (run.name().empty()) unnamed_.insert(part);
      all_.insert(std::move(part));
    }
  }

  // Whether one of them is of the run's database, as far as the run knows it.
  bool HasDatabaseOf(const Identity& run) const {
    if (run.name().empty()) return all_.contains(run.Part(run.known()));
    return names_.contains(run.name()) || unnamed_.contains(run.Part(run.known()));
  }

 private:
  const std::set<Mask>& masks_;
  std::unordered_set<std::string> names_, unnamed_, all_;
};

// A script of --sql that psql ran: its row does not have the labels. A failure without them
// happened before its project was known.
bool IsOfNothing(const KnownRun& run) {
  const report::RunReport& report = run.report;
  if (report.code == CodeOf(ErrorCode::kUsageError)) return true;
  return run.name.empty() && report.project.empty() && !report.target &&
         !report::IsFailure(report.outcome);
}

}  // namespace

std::vector<KnownRun> LastRuns(const std::vector<KnownRun>& runs) {
  std::vector<Identity> identities;
  identities.reserve(runs.size());
  std::set<Mask> masks;
  for (const KnownRun& run : runs) masks.insert(identities.emplace_back(run).known());
  std::vector<KnownRun> last;
  std::map<std::string_view, DatabaseIndex> commands;  // of the runs in `last`
  DatabaseIndex successes(masks);
  for (size_t i = 0; i < runs.size(); ++i) {
    const report::RunReport& report = runs[i].report;
    if (IsOfNothing(runs[i])) continue;
    const bool failed = report::IsFailure(report.outcome);
    DatabaseIndex& newer = commands.try_emplace(report.command, masks).first->second;
    const bool is_cured = failed && report.target && successes.HasDatabaseOf(identities[i]);
    if (!is_cured && !newer.HasDatabaseOf(identities[i])) {
      last.push_back(runs[i]);
      newer.Add(identities[i]);
    }
    if (report.target && !failed) successes.Add(identities[i]);
  }
  return last;
}

bool IsForgotten(const KnownRun& run, std::string_view since) {
  return run.name.empty() && report::IsFailure(run.report.outcome) && run.report.started_at < since;
}

}  // namespace ballast::serve
