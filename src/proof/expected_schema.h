// SPDX-License-Identifier: Apache-2.0
// The database that schema.prisma describes, as facts.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/snapshot.h"
#include "prisma/parse.h"
#include "scratch/scratch_server.h"
#include "workspace/project.h"

namespace ballast::proof {

struct ExpectedSchema {
  catalog::Snapshot snapshot;
  // Objects that the server refuses to make from the schema's own DDL ("table Invoice"), so that
  // nothing can be said of them; `notices` have the server's words.
  std::vector<std::string> refused;
  std::vector<std::string> notices;
  // What the schema's own DDL alone gives, without what was taken for granted; empty when the
  // server refuses some of it.
  catalog::Snapshot schema_only;
};

// The Prisma version whose DDL the schema gives: the project's own, else that of the migrations.
// Until Prisma 5, the tables of implicit many-to-many relations have a unique index where Prisma 6
// has a primary key. `migrated`: DDL of the migrated database or of all migrations, or empty.
prisma::Compat CompatOf(const workspace::Project& project, const std::string& migrated);

// The DDL of the project's schema, as `prisma migrate diff --script` of its version prints it. B102
// when there is no schema, P1012 with Prisma's words. `migrated`: DDL of the migrated database, or
// empty; it tells Prisma 5 from 6 where the project does not.
Result<std::string> SchemaScript(const workspace::Project& project,
                                 const std::string& migrated = {});

// The database that the schema describes: its DDL, run in a scratch database. What the schema takes
// for granted and only the history makes (extensions, domains, types, functions) is taken from
// `baseline`, the script that the replayed history gave. P1012 with Prisma's words.
Result<ExpectedSchema> ReadExpectedSchema(const workspace::Project& project,
                                          const std::string& baseline,
                                          scratch::ScratchServer& server);

}  // namespace ballast::proof
