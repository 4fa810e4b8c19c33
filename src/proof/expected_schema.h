// SPDX-License-Identifier: Apache-2.0
// The snapshot of the database that schema.prisma describes.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/snapshot.h"
#include "plan/prisma_view.h"
#include "prisma/parse.h"
#include "scratch/scratch_server.h"
#include "workspace/project.h"

namespace ballast::proof {

struct ExpectedSchema {
  // Without objects that the schema cannot express: functions, domains, sequences, collations and
  // types that are only in the migrations.
  catalog::Snapshot snapshot;
  // Objects that the server refuses to create from the schema's DDL ("table Invoice") and that are
  // therefore not compared; `notices` contain the server's messages.
  std::vector<std::string> refused;
  std::vector<std::string> notices;
  plan::PrismaScope scope;  // what else Prisma compares by
  // The snapshot of the schema's DDL alone, without prerequisites; empty if the server refuses some
  // of it.
  catalog::Snapshot schema_only;
};

// Whether views may have @id and @@id: in the project's version of Prisma or, if that is not known,
// in any.
bool AcceptsKeysOfViews(const workspace::Project& project);

// The Prisma version whose DDL the schema produces: the project's, else that of the migrations.
// Until Prisma 5, tables of implicit many-to-many relations have a unique index where Prisma 6 has
// a primary key. `migrated`: DDL of the migrated database or of all migrations, or empty.
prisma::Compat CompatOf(const workspace::Project& project, const std::string& migrated);

// The DDL of the project's schema, as `prisma migrate diff --script` of its version prints it. B102
// if there is no schema, P1012 with Prisma's message. `migrated`: DDL of the migrated database, or
// empty; it distinguishes Prisma 5 from 6 if the project does not.
Result<std::string> SchemaScript(const workspace::Project& project,
                                 const std::string& migrated = {});

// The database of the schema: its DDL, run in a scratch database. Prerequisites that only the
// migrations create (extensions, domains, types, functions) come from `baseline`, the script of the
// replayed database. P1012 with Prisma's message.
Result<ExpectedSchema> ReadExpectedSchema(const workspace::Project& project,
                                          const std::string& baseline,
                                          const std::string& setup_script,
                                          scratch::ScratchServer& server);

}  // namespace ballast::proof
