// SPDX-License-Identifier: Apache-2.0
// Observes one database: connects, observes and compares as `ballast status` does. Takes no lock
// and changes nothing.
#pragma once

#include <functional>
#include <string>

#include "base/progress.h"
#include "serve/database_state.h"
#include "serve/project_cache.h"
#include "serve/settings.h"

namespace ballast::serve {

// What an observation needs from its caller. All functions must be set. ObserveDatabase calls them
// in its own thread and in this order, one at a time, and keeps none of them; each is left out if
// what precedes it has failed.
struct ObservationSteps {
  // Lends the project of the target as it is on disk. Must call its argument exactly once, before
  // it returns; the project is not used after that. Called before the connection, and again after
  // `await_slot`, so that no project is held while the database does not answer.
  std::function<void(const std::function<void(ServedProject&)>&)> with_project;
  // Called once the database has accepted the connection. Blocks until the observation may use the
  // server; that time does not count in DatabaseState::took.
  std::function<void()> await_slot;
  // Called after a successful assessment, or without a project, to read more: with the session,
  // which is idle and is closed afterwards, and the target schema (raw).
  std::function<void(postgres::Session&, const DatabaseState& so_far)> with_session;
};

// Blocks while it observes, with time limits for the connection, locks, statements and answers.
// Never fails: errors are part of the state. Several threads may call it at once, each with `steps`
// and `progress` of its own.
DatabaseState ObserveDatabase(const TargetSpec& spec, const ObservationSteps& steps,
                              Progress& progress);

}  // namespace ballast::serve
