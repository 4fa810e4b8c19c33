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

// What an observation needs from its caller.
struct ObservationSteps {
  // Lends the project as it is on disk, for the time of the call. Called twice, so that no project
  // is kept while the database does not answer.
  std::function<void(const std::function<void(ServedProject&)>&)> with_project;
  // Called when the database has answered. Returns when the observation may use the server.
  std::function<void()> await_slot;
  // Called with the open session and the target schema after the assessment, to read more.
  std::function<void(postgres::Session&, const std::string& schema)> with_session;
};

// Never fails; errors are part of the state.
DatabaseState ObserveDatabase(const TargetSpec& spec, const ObservationSteps& steps,
                              Progress& progress);

}  // namespace ballast::serve
