// SPDX-License-Identifier: Apache-2.0
// Finds what a history computes from the order or the case of texts: a package has such rows as the
// collation of the scratch server gives them, and Prisma would compute others in a database of
// another collation.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "proof/double_replay.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// Notices, a sentence each: the tables and columns whose rows differ after a replay in a database
// of another collation, or the error that such a replay ends with. Replays only where the history
// leaves rows and its scripts compare or sort. `server` is embedded, and not that of
// `replays.first`; its roles that the history makes are replaced. Errors: those of the server.
Result<std::vector<std::string>> FindCollationDependence(scratch::ScratchServer& server,
                                                         const DoubleReplayOptions& options,
                                                         const Replays& replays);

}  // namespace ballast::proof
