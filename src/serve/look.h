// SPDX-License-Identifier: Apache-2.0
// One look at one database: connects, observes and compares as `ballast status` does, takes no
// lock, and changes nothing.
#pragma once

#include <functional>
#include <string>

#include "base/progress.h"
#include "serve/database_state.h"
#include "serve/settings.h"
#include "serve/sight.h"

namespace ballast::serve {

// Called with the open session after the assessment: to read what else is wanted.
using WithSession = std::function<void(postgres::Session&)>;

// Never fails as a whole: what went wrong is in the state.
DatabaseState LookAt(Sight& sight, const TargetSpec& spec, const WithSession& with,
                     Progress& progress);

}  // namespace ballast::serve
