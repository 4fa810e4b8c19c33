// SPDX-License-Identifier: Apache-2.0
// Which database is observed next, so that databases that do not answer delay no other one.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <vector>

namespace ballast::serve {

// An observation occupies one of `slots` while it connects and while it observes. One that has
// waited for an answer for too long keeps running, but gives up its slot: no server works for it.
// A database that did not answer the last time is tried outside of the slots, in a lane of its own,
// until it answers. Times are those of a steady clock, never decreasing. Not thread-safe.
class ObservationQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Limits {
    size_t slots = 8;
    size_t running = 168;  // in all, except for the lane
    size_t silent = 32;    // in the lane
  };
  static constexpr std::chrono::milliseconds kConnects{200};  // then it gives up its slot
  static constexpr std::chrono::milliseconds kObserves{2500};

  // All databases are due, in their order.
  ObservationQueue(size_t databases, const Limits& limits, Time now);

  // The observation of this database begins. Empty: none can begin; `wake` is the time at which to
  // ask again if nothing else changes, `Time::max()` for never.
  std::optional<size_t> Take(Time now, Time* wake);
  // The database has answered and its observation waits for a slot, until Observe returns true.
  void Answered(size_t index);
  bool Observe(size_t index, Time now);
  // The observation ended. `silent`: the database did not answer.
  void End(size_t index, bool silent, Time due);
  // All databases for which `which` returns true are due, unless they are being observed.
  void MakeDue(Time now, const std::function<bool(size_t)>& which);

  // The maximum number of observations that run.
  static size_t MostOf(size_t databases, const Limits& limits);

 private:
  struct Due {
    Time at;
    size_t index;
    bool operator>(const Due& other) const {
      return at != other.at ? at > other.at : index > other.index;
    }
  };
  using Queue = std::priority_queue<Due, std::vector<Due>, std::greater<>>;
  enum class Stage { kConnects, kWaits, kObserves };
  struct Running {
    Stage stage;
    Time since;
    bool silent;  // runs in the lane
  };

  // Until when the observation occupies a slot; nullopt: it never does.
  static std::optional<Time> OccupiesUntil(const Running& running);
  // `wake` is set to the first time at which a slot becomes free by itself.
  size_t Occupied(Time now, Time* wake) const;
  size_t Begin(Queue& queue, bool silent, Time now);

  Limits limits_;
  Queue due_;
  Queue silent_due_;
  std::map<size_t, Running> running_;
  size_t silent_running_ = 0;
};

}  // namespace ballast::serve
