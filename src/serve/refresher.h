// SPDX-License-Identifier: Apache-2.0
// Observes all databases periodically, in its own threads.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

#include "postgres/session.h"
#include "project/invocation.h"
#include "serve/project_cache.h"
#include "serve/settings.h"
#include "serve/state_registry.h"
#include "serve/store.h"

namespace ballast::serve {

// A database is observed again `interval` after its last observation ended, but not sooner than
// four times the duration of that observation, so that observing uses at most a fifth of one
// connection; and at once when the package of its project has changed. Runs in the database's
// journal are added to the store, and so is a sample once a minute and whenever something changed.
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
  struct Due {
    Steady::time_point at;
    size_t index;
    bool operator>(const Due& other) const { return at > other.at; }
  };
  struct History {  // of one database; used only by the worker that observes it
    Steady::time_point sampled;
    std::string newest_run;  // end time by the server's clock
    int observations = 0;
    bool read_journal = false;  // completely
    bool any_sample = false;
  };

  void Work();
  bool Take(Due* due);
  std::chrono::milliseconds ObserveOne(size_t index, ProjectCache& projects);
  void StoreSample(size_t index, const DatabaseState& state, bool changed);
  void StoreRuns(size_t index, const std::string& schema, postgres::Session& session);
  void PruneIfDue();
  // All databases of the project are due, and every worker reads projects again.
  void ScheduleProject(const std::string& project);

  const Settings& settings_;
  const project::Invocation& invocation_;
  StateRegistry& registry_;
  Store& store_;
  std::vector<History> histories_;
  KnownReleases releases_;
  std::mutex mutex_;
  std::condition_variable due_changed_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::chrono::steady_clock::time_point pruned_;
  std::atomic<int> projects_changed_{0};  // how often
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace ballast::serve
