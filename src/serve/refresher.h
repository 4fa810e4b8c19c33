// SPDX-License-Identifier: Apache-2.0
// Observes all databases periodically, in its own threads.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "postgres/session.h"
#include "project/invocation.h"
#include "serve/observation_queue.h"
#include "serve/project_cache.h"
#include "serve/settings.h"
#include "serve/state_registry.h"
#include "serve/store.h"
#include "serve/store_writer.h"

namespace ballast::serve {

// The pause after an observation: `factor` times its duration, but at least `interval`. One that
// the server or a lock has kept from its result has cost the server nothing, and is tried again
// soon.
std::chrono::milliseconds PauseAfter(const DatabaseState& state, std::chrono::milliseconds interval,
                                     int64_t factor);

// A database is observed again `interval` after its last observation ended, but not sooner than
// four times the duration of that observation, so that observing uses at most a fifth of one
// connection; and at once when the package of its project has changed. Databases that do not answer
// delay no other one (see ObservationQueue). Runs in the database's journal are added to the store,
// and so is a sample once a minute and whenever something changed; a store that does not answer
// delays no observation (see StoreWriter).
class Refresher {
 public:
  Refresher(const Settings& settings, const project::Invocation& invocation,
            StateRegistry& registry, Store& store);
  ~Refresher();  // as Stop()
  Refresher(const Refresher&) = delete;
  Refresher& operator=(const Refresher&) = delete;

  // Interrupts running observations and ends the threads.
  void Stop();

 private:
  using Steady = std::chrono::steady_clock;
  struct History {  // of one database; used only by the worker that observes it
    Steady::time_point sampled;
    int observations = 0;
    bool any_sample = false;
    // Runs from its journal wait to be stored. Only then, the next three belong to the StoreWriter.
    std::atomic<bool> stores_runs{false};
    std::string newest_run;     // end time by the server's clock
    bool read_journal = false;  // completely
    bool store_failed = false;
  };

  void Work();
  // The next database; empty: the threads end.
  std::optional<size_t> Take();
  void AwaitSlot(size_t index);
  void End(size_t index, const DatabaseState& state);
  // The pause after an observation, in multiples of its duration.
  int64_t PauseFactor(size_t index, const DatabaseState& state);
  void ObserveOne(size_t index);
  void StoreSample(size_t index, const DatabaseState& state, bool changed);
  void ReadRuns(size_t index, const DatabaseState& state, postgres::Session& session);
  void StoreRuns(size_t index, const std::vector<StoredRun>& runs, const std::string& newest);
  void PruneIfDue();
  // All databases of the project are due, and projects are read again.
  void ScheduleProject(const std::string& project);

  const Settings& settings_;
  const project::Invocation& invocation_;
  StateRegistry& registry_;
  Store& store_;
  std::vector<History> histories_;
  const size_t most_workers_;
  KnownReleases releases_;
  ProjectCaches projects_;
  std::mutex mutex_;
  std::vector<std::string> servers_;  // of each database; empty: not known yet
  ObservationQueue queue_;
  // Of the threads without work, one waits until the next database is due. When it has taken one,
  // the next thread waits, or a new one if there is none.
  std::condition_variable queue_changed_;
  std::condition_variable waits_changed_;
  std::condition_variable slots_changed_;
  bool one_waits_ = false;
  size_t idle_ = 0;
  std::chrono::steady_clock::time_point pruned_;
  bool stopping_ = false;
  StoreWriter writer_;
  std::vector<std::thread> workers_;
};

}  // namespace ballast::serve
