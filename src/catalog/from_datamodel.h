// SPDX-License-Identifier: Apache-2.0
// The database that Prisma Migrate creates from a schema: the datamodel as catalog values, and the
// script that `prisma migrate diff --from-empty --to-schema-datamodel … --script` prints for it
// (prisma-engines schema-engine/connectors/sql-schema-connector/src/sql_schema_calculator.rs).
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/render_ddl.h"
#include "prisma/parse.h"

namespace ballast::catalog {

// Each list in the order in which Prisma creates its objects.
struct SchemaObjects {
  std::vector<Schema> schemas;
  std::vector<Extension> extensions;
  std::vector<Enum> enums;
  std::vector<Table> tables;
  std::vector<Index> indexes;
  std::vector<ForeignKey> foreign_keys;
};

// The datamodel must come from a schema without errors.
SchemaObjects FromDatamodel(const prisma::Datamodel& datamodel,
                            prisma::Compat compat = prisma::Compat::kPrisma6);

// One statement of the script.
struct SchemaStep {
  ScriptStep step;
  Name table;  // that it creates; else empty
};
std::vector<SchemaStep> SchemaSteps(const prisma::Datamodel& datamodel,
                                    prisma::Compat compat = prisma::Compat::kPrisma6);

// The script, byte for byte: 6.19's; with kPrisma5 as 5.x prints it (many-to-many tables without a
// primary key), with kPrisma7 as 7.x does (the schema public is created first).
std::string RenderSchemaSql(const prisma::Datamodel& datamodel,
                            prisma::Compat compat = prisma::Compat::kPrisma6);

}  // namespace ballast::catalog
