// The database that schema.prisma describes, as facts.
#pragma once

#include "base/result.h"
#include "catalog/facts.h"
#include "postgres/scratch_server.h"
#include "workspace/project.h"

namespace ballast::commands {

// The facts of the database that the schema describes: its DDL, run in a scratch database. P1012
// with Prisma's words, or B201 when the server refuses the DDL.
Result<catalog::Facts> WantedFacts(const workspace::Project& project,
                                   postgres::ScratchServer& server);

}  // namespace ballast::commands
