// SPDX-License-Identifier: Apache-2.0
#include "serve/refresher.h"

#include <algorithm>
#include <utility>

#include "base/progress.h"
#include "plan/kept_data.h"
#include "postgres/journal_reader.h"
#include "report/run_report.h"
#include "report/stored_run.h"
#include "serve/observe_database.h"
#include "serve/project_cache.h"

namespace ballast::serve {
namespace {

constexpr std::chrono::seconds kSampleEvery{60};
constexpr std::chrono::hours kPruneEvery{1};
constexpr std::chrono::hours kKeepSamples{24 * 30};
constexpr int kKeepRuns = 20'000;
constexpr int kRunsReadAgain = 200;
constexpr int kObservationsReadAgain = 20;
constexpr int kCostFactor = 4;

// The start by the clock of the machine that deployed, but not after the end by the server's.
std::string StartOf(const report::RunReport& report, const postgres::JournalRun& run) {
  const bool usable = !report.started_at.empty() && report.started_at <= run.at;
  return usable ? report.started_at : run.at;
}

}  // namespace

Refresher::Refresher(const Settings& settings, const project::Invocation& invocation,
                     StateRegistry& registry, Store& store)
    : settings_(settings),
      invocation_(invocation),
      registry_(registry),
      store_(store),
      histories_(settings.targets.size()),
      pruned_(Steady::now()) {
  const auto now = Steady::now();
  for (size_t i = 0; i < settings.targets.size(); ++i) due_.push({now, i});
  const size_t count = std::clamp<size_t>(settings.targets.size(), 1, settings.workers);
  for (size_t i = 0; i < count; ++i) workers_.emplace_back([this] { Work(); });
}

Refresher::~Refresher() {
  Stop();
}

void Refresher::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  due_changed_.notify_all();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
}

bool Refresher::Take(Due* due) {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (due_.empty()) {
      due_changed_.wait(lock);
      continue;
    }
    const Due next = due_.top();
    if (next.at <= Steady::now()) {
      due_.pop();
      *due = next;
      return true;
    }
    due_changed_.wait_until(lock, next.at);
  }
  return false;
}

void Refresher::Work() {
  ProjectCache projects(
      invocation_, releases_,
      std::min<std::chrono::milliseconds>(settings_.interval, std::chrono::seconds(2)));
  Due due{};
  int known = 0;
  while (Take(&due)) {
    if (const int changed = projects_changed_; changed != known) {
      projects.Forget();
      known = changed;
    }
    const std::chrono::milliseconds took = ObserveOne(due.index, projects);
    {
      const std::scoped_lock lock(mutex_);
      due_.push({Steady::now() + std::max(settings_.interval, took * kCostFactor), due.index});
    }
    due_changed_.notify_one();
    PruneIfDue();
  }
}

std::chrono::milliseconds Refresher::ObserveOne(size_t index, ProjectCache& projects) {
  const TargetSpec& spec = settings_.targets[index];
  SilentProgress progress;
  bool fresh = false;
  registry_.Begin(index);
  ServedProject& loaded = projects.Of(spec, &fresh);
  if (fresh && registry_.Put(PackageStateOf(loaded, spec.project))) ScheduleProject(spec.project);
  DatabaseState state = ObserveDatabase(
      loaded, spec,
      [&](postgres::Session& session, const std::string& schema) {
        StoreRuns(index, schema, session);
      },
      progress);
  const std::chrono::milliseconds took = state.took;
  const bool failed = state.error.has_value();
  const bool changed = registry_.Put(index, std::move(state));
  StoreSample(index, *registry_.At(index), changed);
  // A server that does not answer is tried again soon.
  return failed ? std::chrono::milliseconds(0) : took;
}

void Refresher::ScheduleProject(const std::string& project) {
  ++projects_changed_;
  const std::scoped_lock lock(mutex_);
  decltype(due_) due;
  const auto now = Steady::now();
  for (; !due_.empty(); due_.pop()) {
    Due next = due_.top();
    if (settings_.targets[next.index].project == project) next.at = std::min(next.at, now);
    due.push(next);
  }
  due_ = std::move(due);
  due_changed_.notify_all();
}

void Refresher::StoreSample(size_t index, const DatabaseState& state, bool changed) {
  History& history = histories_[index];
  const auto now = Steady::now();
  if (history.any_sample && !changed && now - history.sampled < kSampleEvery) return;
  history.any_sample = true;
  history.sampled = now;
  Sample sample;
  sample.database = state.name;
  sample.at =
      std::chrono::duration_cast<std::chrono::seconds>(Clock::now().time_since_epoch()).count();
  sample.ready = state.Reasons().empty();
  sample.reachable = !state.error;
  sample.pending = static_cast<int>(state.pending.size());
  sample.drift = state.compared ? static_cast<int>(state.drift.size()) : -1;
  sample.additions = state.compared ? static_cast<int>(state.additions.size()) : -1;
  sample.took_ms = static_cast<int>(state.took.count());
  // An unavailable store must not stop the observations; /healthz reports it.
  const Status kept = store_.AddSamples({sample});
  static_cast<void>(kept);
}

// The schemas of a database share its journal, and each can be watched under its own name.
void Refresher::StoreRuns(size_t index, const std::string& schema, postgres::Session& session) {
  History& history = histories_[index];
  postgres::RunFilter filter;
  // At first all; then only new runs, and sometimes the newest ones again, because a run can commit
  // after a later one.
  const bool reads_again = history.observations++ % kObservationsReadAgain == 0;
  if (!reads_again) filter.since = history.newest_run;
  filter.limit = reads_again && history.read_journal ? kRunsReadAgain : kKeepRuns;
  filter.schema = schema;
  const auto runs = postgres::ReadRuns(session, filter);
  if (!runs) return;  // the role may not read the journal
  bool any = false;
  for (const postgres::JournalRun& run : *runs) {
    const auto report =
        report::ParseStoredRun({run.report, run.measured, run.duration_ms}, plan::kKeptSchema);
    if (!report) continue;
    const auto added = store_.AddRun({report->run, settings_.targets[index].name, report->command,
                                      std::string(report::NameOf(report->outcome)),
                                      StartOf(*report, run), report::ToJson(*report)});
    if (!added) return;
    any = any || *added;
  }
  history.read_journal = true;
  if (!runs->empty()) history.newest_run = std::max(history.newest_run, runs->front().at);
  if (any) registry_.NotifyRuns();
}

void Refresher::PruneIfDue() {
  {
    const std::scoped_lock lock(mutex_);
    if (Steady::now() - pruned_ < kPruneEvery) return;
    pruned_ = Steady::now();
  }
  const auto before = Clock::now() - kKeepSamples;
  const Status pruned = store_.Prune(
      std::chrono::duration_cast<std::chrono::seconds>(before.time_since_epoch()).count(),
      kKeepRuns);
  static_cast<void>(pruned);
}

}  // namespace ballast::serve
