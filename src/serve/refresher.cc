// SPDX-License-Identifier: Apache-2.0
#include "serve/refresher.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/progress.h"
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
// Of the time of an observation, the pause after it: for one database, and for each database of a
// server, so that all of them together occupy at most half of a connection.
constexpr int64_t kCostFactor = 4;
constexpr int64_t kCostFactorEach = 2;
// A refused connection fails at once.
constexpr std::chrono::seconds kSilentAfter{1};
constexpr std::chrono::milliseconds kSlotsCheckedEvery{100};
// A journal can have thousands of runs, so few may wait for the store.
constexpr size_t kMostWaiting = 8;

// The start by the clock of the machine that deployed, but not after the end by the server's.
std::string StartOf(const report::RunReport& report, const postgres::JournalRun& run) {
  const bool usable = !report.started_at.empty() && report.started_at <= run.at;
  return usable ? report.started_at : run.at;
}

// A row of a script of --sql, which psql ran, does not name its database: it is the journal's.
void AddTarget(const DatabaseState& state, report::RunReport& report) {
  if (report.project.empty()) report.project = state.project_label;
  if (report.target) return;
  report::Target& target = report.target.emplace();
  target.host = state.host;
  std::from_chars(state.port.data(), state.port.data() + state.port.size(), target.port);
  target.database = state.database;
  target.schema = state.schema;
}

}  // namespace

std::chrono::milliseconds PauseAfter(const DatabaseState& state, std::chrono::milliseconds interval,
                                     int64_t factor) {
  const bool cost_nothing =
      state.obstacle == Obstacle::kServer || state.obstacle == Obstacle::kLock;
  return cost_nothing ? interval : std::max(interval, state.took * factor);
}

Refresher::Refresher(const Settings& settings, const project::Invocation& invocation,
                     StateRegistry& registry, Store& store)
    : settings_(settings),
      invocation_(invocation),
      registry_(registry),
      store_(store),
      histories_(settings.targets.size()),
      most_workers_(ObservationQueue::MostOf(settings.targets.size(), settings.observing)),
      projects_(invocation_, releases_,
                std::min<std::chrono::milliseconds>(settings.interval, std::chrono::seconds(2))),
      servers_(settings.targets.size()),
      queue_(settings.targets.size(), settings.observing, Steady::now()),
      pruned_(Steady::now() - kPruneEvery) {
  const std::scoped_lock lock(mutex_);
  if (most_workers_ > 0) workers_.emplace_back([this] { Work(); });
}

Refresher::~Refresher() {
  Stop();
}

void Refresher::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  queue_changed_.notify_all();
  waits_changed_.notify_all();
  slots_changed_.notify_all();
  for (std::thread& worker : workers_) worker.join();
  workers_.clear();
  writer_.Stop();
}

std::optional<size_t> Refresher::Take() {
  std::unique_lock lock(mutex_);
  ++idle_;
  while (!stopping_) {
    if (one_waits_) {
      waits_changed_.wait(lock);
      continue;
    }
    Steady::time_point wake;
    if (const std::optional<size_t> index = queue_.Take(Steady::now(), &wake)) {
      --idle_;
      if (idle_ == 0 && workers_.size() < most_workers_) workers_.emplace_back([this] { Work(); });
      waits_changed_.notify_one();
      return index;
    }
    one_waits_ = true;
    if (wake == Steady::time_point::max()) {
      queue_changed_.wait(lock);
    } else {
      queue_changed_.wait_until(lock, wake);
    }
    one_waits_ = false;
  }
  return std::nullopt;
}

void Refresher::Work() {
  while (const std::optional<size_t> index = Take()) {
    ObserveOne(*index);
    PruneIfDue();
  }
}

// The database has answered; only this side makes it wait.
void Refresher::AwaitSlot(size_t index) {
  registry_.Suspend(index);
  {
    std::unique_lock lock(mutex_);
    queue_.Answered(index);
    while (!stopping_ && !queue_.Observe(index, Steady::now())) {
      slots_changed_.wait_for(lock, kSlotsCheckedEvery);
    }
  }
  registry_.Begin(index);
}

void Refresher::ObserveOne(size_t index) {
  const TargetSpec& spec = settings_.targets[index];
  SilentProgress progress;
  registry_.Begin(index);
  ObservationSteps steps;
  steps.with_project = [&](const std::function<void(ServedProject&)>& use) {
    projects_.Lend(spec, [&](ServedProject& loaded, bool fresh) {
      const std::string goal = spec.strategy + '\n' + spec.branch;
      if (fresh && registry_.Put(PackageStateOf(loaded, spec.project), goal)) {
        ScheduleProject(spec.project);
      }
      use(loaded);
    });
  };
  steps.await_slot = [&] { AwaitSlot(index); };
  steps.with_session = [&](postgres::Session& session, const DatabaseState& so_far) {
    ReadRuns(index, so_far, session);
  };
  DatabaseState state = ObserveDatabase(spec, steps, progress);
  End(index, state);
  const bool changed = registry_.Put(index, std::move(state));
  StoreSample(index, *registry_.At(index), changed);
}

int64_t Refresher::PauseFactor(size_t index, const DatabaseState& state) {
  const std::scoped_lock lock(mutex_);
  servers_[index] = state.host + ":" + state.port;
  const auto databases = std::count(servers_.begin(), servers_.end(), servers_[index]);
  return std::max(kCostFactor, kCostFactorEach * int64_t{databases});
}

void Refresher::End(size_t index, const DatabaseState& state) {
  const auto pause = PauseAfter(state, settings_.interval, PauseFactor(index, state));
  const bool silent = state.obstacle == Obstacle::kServer && state.took >= kSilentAfter;
  {
    const std::scoped_lock lock(mutex_);
    queue_.End(index, silent, Steady::now() + pause);
  }
  queue_changed_.notify_one();
  slots_changed_.notify_all();
}

void Refresher::ScheduleProject(const std::string& project) {
  projects_.Forget();
  {
    const std::scoped_lock lock(mutex_);
    queue_.MakeDue(Steady::now(),
                   [&](size_t index) { return settings_.targets[index].project == project; });
  }
  queue_changed_.notify_one();
}

void Refresher::StoreSample(size_t index, const DatabaseState& state, bool changed) {
  History& history = histories_[index];
  const auto now = Steady::now();
  if (history.any_sample && !changed && now - history.sampled < kSampleEvery) return;
  Sample sample;
  sample.database = state.name;
  sample.at =
      std::chrono::duration_cast<std::chrono::seconds>(Clock::now().time_since_epoch()).count();
  sample.ready = state.Reasons().empty();
  sample.reachable = state.obstacle != Obstacle::kServer;
  sample.pending = state.error ? -1 : static_cast<int>(state.pending.size());
  sample.drift = state.compared ? static_cast<int>(state.drift.size()) : -1;
  sample.additions = state.compared ? static_cast<int>(state.addition_objects.size()) : -1;
  sample.took_ms = static_cast<int>(state.took.count());
  const bool added = writer_.Add([this, sample = std::move(sample)] {
    const Status kept = store_.AddSamples({sample});
    static_cast<void>(kept);  // the store reports it (store_notices.h)
  });
  if (!added) return;
  history.any_sample = true;
  history.sampled = now;
}

// The schemas of a database share its journal, and each can be watched under its own name.
void Refresher::ReadRuns(size_t index, const DatabaseState& state, postgres::Session& session) {
  History& history = histories_[index];
  if (history.stores_runs || writer_.Waiting() >= kMostWaiting) return;  // the next time
  // At first all; then only new runs, and sometimes the newest ones again, because a run can commit
  // after a later one. While the store cannot be used, few of the observations read them for it.
  const bool reads_again = history.observations++ % kObservationsReadAgain == 0;
  if (history.store_failed && !reads_again) return;
  postgres::RunFilter filter;
  if (!reads_again) filter.since = history.newest_run;
  filter.limit = reads_again && history.read_journal ? kRunsReadAgain : kKeepRuns;
  filter.schema = state.schema;
  const auto found = postgres::ReadRuns(session, filter);
  if (!found) return;  // the role may not read the journal
  std::vector<StoredRun> runs;
  for (const postgres::JournalRun& run : *found) {
    auto report = report::ParseStoredRun({run.report, run.measured, run.duration_ms});
    if (!report) continue;
    AddTarget(state, *report);
    runs.push_back({report->run, settings_.targets[index].name, report->command,
                    std::string(report::NameOf(report->outcome)), StartOf(*report, run),
                    report::ToJson(*report)});
  }
  history.stores_runs = true;
  const bool added = writer_.Add(
      [this, index, runs = std::move(runs), newest = found->empty() ? "" : found->front().at] {
        StoreRuns(index, runs, newest);
        histories_[index].stores_runs = false;
      });
  if (!added) history.stores_runs = false;
}

// If the store cannot be used, a later observation reads the runs again.
void Refresher::StoreRuns(size_t index, const std::vector<StoredRun>& runs,
                          const std::string& newest) {
  History& history = histories_[index];
  bool any = false;
  history.store_failed = true;
  for (const StoredRun& run : runs) {
    const auto added = store_.AddRun(run);
    if (!added) return;
    any = any || *added;
  }
  history.store_failed = false;
  history.read_journal = true;
  history.newest_run = std::max(history.newest_run, newest);
  if (any) registry_.NotifyRuns();
}

void Refresher::PruneIfDue() {
  {
    const std::scoped_lock lock(mutex_);
    if (Steady::now() - pruned_ < kPruneEvery) return;
    pruned_ = Steady::now();
  }
  writer_.Add([this] {
    const auto before = Clock::now() - kKeepSamples;
    const Status pruned = store_.Prune(
        std::chrono::duration_cast<std::chrono::seconds>(before.time_since_epoch()).count(),
        kKeepRuns);
    static_cast<void>(pruned);
  });
}

}  // namespace ballast::serve
