// SPDX-License-Identifier: Apache-2.0
// Materialized views hold what their query gave when they were last refreshed. A baseline fills
// them by their queries, as a restored dump does, so a fresh database may have other rows in them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// A sentence for each materialized view whose rows the history left otherwise than the baseline: it
// was not refreshed after its tables changed, or its query does not give the same twice.
Result<std::vector<std::string>> StaleViews(const scratch::ScratchDatabase& replayed,
                                            const scratch::ScratchDatabase& baseline);

}  // namespace ballast::proof
