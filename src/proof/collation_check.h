// SPDX-License-Identifier: Apache-2.0
// Finds rows and objects that migrations compute from the order or case of texts. A package
// contains them as the collation of the scratch server determines them; Prisma would compute
// different ones in a database with another collation.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "proof/double_replay.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// Sentences about the tables whose rows, and the objects that differ after a replay in a database
// with another collation, or the error of such a replay. The same for character types, which
// determine the case and the class of letters, if a script has others than ASCII. Replays only if a
// script can compute something from texts (sql/text_order.h), or if the catalog has what compares
// the texts of rows or of bounds. `server` must be embedded and not that of `replays.first`; it
// replaces roles that the migrations create. Errors are those of the server.
Result<std::vector<std::string>> FindCollationDependence(scratch::ScratchServer& server,
                                                         const DoubleReplayOptions& options,
                                                         const Replays& replays);

}  // namespace ballast::proof
