// SPDX-License-Identifier: Apache-2.0
// The migrated database as Prisma's own comparison with schema.prisma sees it (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/sql_schema_differ and
// sql-schema-describer/src/postgres.rs).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/snapshot.h"
#include "sql/object_name.h"

namespace ballast::plan {

// What schema.prisma writes about a column and its DDL does not show. Raw names; `schema` is empty
// for the target schema.
struct WrittenColumn {
  std::string schema;
  std::string table;
  std::string column;
  // The text in @default(dbgenerated("…")), empty without one; nothing for other defaults.
  std::optional<std::string> generated_default = {};
  std::string unsupported = {};  // the type in Unsupported("…"); empty for other types
  // The type as the schema writes it, where the server adds a length to it: "character" for
  // character(1). Empty for others.
  std::string without_length = {};
};

// What a comparison with schema.prisma must know in addition to the two snapshots.
struct PrismaScope {
  // Of the datasource; Prisma reads these and the target schema.
  std::vector<std::string> schemas = {};
  std::vector<WrittenColumn> columns = {};
  int prisma_major = 7;
  bool partial_indexes = false;  // the preview feature of Prisma 7: it sees predicates
  // Declared views; only the migrations create them. An empty schema is the target schema.
  std::vector<sql::ObjectName> views = {};
};

struct PrismaView {
  catalog::Snapshot expected;
  catalog::Snapshot replayed;
};

// The snapshot of the schema's DDL and the replayed one, so that their differences are Prisma's. In
// `replayed`, properties in which Prisma sees no difference are as expected: domains of the
// expected type, precisions of times that the schema does not state or Prisma does not read, two
// unsupported types, equal defaults; and a UNIQUE constraint is the unique index that Prisma takes
// it for. In `expected`, defaults and types in which Prisma sees a difference although the server
// does not are as schema.prisma writes them: to Prisma, `@db.Char` has no length, and CHAR has one.
PrismaView AsPrismaSees(const catalog::Snapshot& expected, const catalog::Snapshot& replayed,
                        const PrismaScope& scope);

// Whether Prisma sees the same in two indexes, given by their definitions from USING on. Earlier
// versions than 7 do not see partial indexes.
bool AreSameIndexForPrisma(const std::string& expected, const std::string& replayed,
                           const PrismaScope& scope);

// Whether Prisma sees an index of the migrated database.
bool IsSeenIndex(const std::string& replayed, const PrismaScope& scope);

// Removes differences about indexes of one table that are all equal: where the migrations create
// several and the schema lists at least one, Prisma creates, drops and renames none of them.
void RemoveRepeatedIndexes(const catalog::Snapshot& expected, const catalog::Snapshot& replayed,
                           std::vector<catalog::Difference>& differences);

}  // namespace ballast::plan
