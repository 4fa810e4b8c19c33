// SPDX-License-Identifier: Apache-2.0
// The state of a database that Prisma creates from the schema file alone: by `prisma db push`, or
// from what `prisma migrate diff` prints. It lacks what only the migrations create.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "project/proven_snapshots.h"
#include "scratch/scratch_server.h"
#include "workspace/project.h"

namespace ballast::assess {

// The states for each version of Prisma that may have created the database, without equal ones.
// Empty if there is no schema file, if it has errors, or if the server refuses its DDL, because it
// needs what only the migrations create. Errors as ScratchServer::Start.
Result<std::vector<project::HistoryPoint>> SchemaStates(const workspace::Project& project,
                                                        const std::string& setup_script,
                                                        const scratch::ScratchOptions& scratch,
                                                        Progress& progress);

}  // namespace ballast::assess
