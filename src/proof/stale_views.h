// SPDX-License-Identifier: Apache-2.0
// Finds materialized views whose stored rows a baseline does not reproduce. A baseline fills them
// with their query, like a restored dump, while the migrated database has the rows of the last
// refresh.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// A sentence for each materialized view whose rows differ: it was not refreshed after its tables
// changed, or its query is not deterministic.
Result<std::vector<std::string>> StaleViews(const scratch::ScratchDatabase& replayed,
                                            const scratch::ScratchDatabase& baseline);

}  // namespace ballast::proof
