// SPDX-License-Identifier: Apache-2.0
// The migrated database as Prisma's own comparison with schema.prisma sees it (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/sql_schema_differ and
// sql-schema-describer/src/postgres.rs).
#pragma once

#include <string>
#include <vector>

#include "catalog/snapshot.h"

namespace ballast::plan {

// A column by raw names; `schema` is empty for the target schema.
struct ColumnName {
  std::string schema;
  std::string table;
  std::string column;
};

// What a comparison with schema.prisma must know in addition to the two snapshots.
struct PrismaScope {
  // Of the datasource; Prisma reads these and the target schema.
  std::vector<std::string> schemas = {};
  // Columns with @default(dbgenerated()): Prisma accepts every default.
  std::vector<ColumnName> open_defaults = {};
  int prisma_major = 7;
};

// The replayed snapshot without the properties in which Prisma sees no difference from `expected`,
// the snapshot of the schema's DDL: domains of the expected type, precisions of times that the
// schema does not state or Prisma does not read, two unsupported types, open defaults. A UNIQUE
// constraint becomes the unique index that Prisma takes it for, unless it is deferrable.
catalog::Snapshot AsPrismaSees(const catalog::Snapshot& expected, const catalog::Snapshot& replayed,
                               const PrismaScope& scope);

// Whether Prisma sees the same in two indexes, given by their definitions from USING on.
// `prisma_major`: earlier versions than 7 do not see partial indexes.
bool AreSameIndexForPrisma(const std::string& expected, const std::string& replayed,
                           int prisma_major);

// Removes differences about indexes of one table that are all equal: where the migrations create
// several and the schema lists at least one, Prisma creates, drops and renames none of them.
void RemoveRepeatedIndexes(const catalog::Snapshot& expected, const catalog::Snapshot& replayed,
                           std::vector<catalog::Difference>& differences);

}  // namespace ballast::plan
