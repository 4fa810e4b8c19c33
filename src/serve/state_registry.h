// SPDX-License-Identifier: Apache-2.0
// The current state of all watched databases and packages. Workers write it; requests read it and
// never wait for a database. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "serve/database_state.h"
#include "serve/settings.h"

namespace ballast::serve {

using DatabasePtr = std::shared_ptr<const DatabaseState>;
using PackagePtr = std::shared_ptr<const PackageState>;

// The last observation of a database is too old: its server does not answer.
struct Staleness {
  std::chrono::milliseconds age{0};
  bool stale = false;
};

// A consistent view of the registry. The pointers keep the content alive.
struct StateView {
  uint64_t version = 0;
  uint64_t runs_version = 0;           // changes when runs have arrived
  std::vector<DatabasePtr> databases;  // in the order of the settings
  std::vector<Staleness> staleness;    // in the same order
  std::vector<PackagePtr> packages;    // by project

  // Why the server is not ready, as "NAME: reason"; empty: it is ready.
  std::vector<std::string> Reasons() const;
  bool ReadyAt(size_t index) const;
  // The last observation succeeded and is not stale, so that numbers of zero mean "none".
  bool KnownAt(size_t index) const;
  // The database answered, or something on this side kept it from being asked.
  bool ReachableAt(size_t index) const;
};

class StateRegistry {
 public:
  explicit StateRegistry(const Settings& settings);

  using Steady = std::chrono::steady_clock;

  // An observation begins, or continues. If it takes too long, the database becomes stale.
  void Begin(size_t index);
  // The database has answered, and its observation waits on this side until it continues.
  void Suspend(size_t index);
  // An observation ended. Returns whether something relevant to users changed. Of one that waited
  // for a lock, the state before it remains, for five minutes after the last that succeeded.
  bool Put(size_t index, DatabaseState state, Steady::time_point now = Steady::now());
  DatabasePtr At(size_t index) const;
  // `goal`: what the databases that it is for deploy. With one strategy the project may need a
  // package, and with another one not; the view has the state with an error, if there is one.
  // Returns whether it replaces a different state for the same goal.
  bool Put(PackageState state, const std::string& goal = {});
  // Runs have arrived in the store, or those that arrived were read.
  void NotifyRuns();
  void NotifyRunsRead();
  // Whether databases have become stale since the last call is a change, too.
  void NoteStaleness();

  StateView View() const;
  uint64_t version() const;
  uint64_t runs_version() const;
  // Waits until the version differs from `seen`, at most for `time`; returns the version.
  uint64_t Await(uint64_t seen, std::chrono::milliseconds time) const;

 private:
  struct Slot {
    DatabasePtr state;
    std::optional<Steady::time_point> begun;  // of the running observation
    Steady::time_point known;                 // when the last one succeeded
    bool was_stale = false;                   // at the last NoteStaleness
  };

  Staleness StalenessOf(const Slot& slot, Steady::time_point now) const;
  std::shared_ptr<const std::string> Shared(const std::shared_ptr<const std::string>& text);
  void Changed();

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  uint64_t version_ = 1;
  uint64_t runs_version_ = 1;
  std::vector<Slot> slots_;
  std::map<std::string, std::map<std::string, PackagePtr>> packages_;  // by project and goal
  std::map<std::string, std::weak_ptr<const std::string>> catalogs_;   // by digest
};

}  // namespace ballast::serve
