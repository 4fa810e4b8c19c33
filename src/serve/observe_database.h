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

// Called with the open session and the target schema after the assessment, to read more.
using WithSession = std::function<void(postgres::Session&, const std::string& schema)>;

// Never fails; errors are part of the state.
DatabaseState ObserveDatabase(ServedProject& loaded, const TargetSpec& spec,
                              const WithSession& with, Progress& progress);

}  // namespace ballast::serve
