// SPDX-License-Identifier: Apache-2.0
// Definitions of the server as Prisma's comparison sees them (prisma-engines schema-engine/
// connectors/sql-schema-connector/src/sql_schema_differ/column.rs defaults_match, and its
// introspection of defaults, sql-schema-describer/src/postgres/default.rs).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::sql {

// Whether an index, as pg_get_indexdef prints it (completely, or from USING on), has a part that
// the Prisma schema language cannot express: an expression, a predicate, INCLUDE, a collation, a
// non-default NULLS FIRST or LAST, NULLS NOT DISTINCT, storage parameters. False for text that is
// not recognized.
bool IsIndexBeyondPrisma(std::string_view definition);

// An index as Prisma's comparison sees it (sql-schema-connector/src/sql_schema_differ/index.rs and
// flavour/postgres/schema_differ.rs): method, columns, their order and operator classes. Not seen:
// collations, NULLS FIRST or LAST, NULLS NOT DISTINCT, storage parameters, parameters of operator
// classes.
struct PrismaIndex {
  std::string columns;   // the same for equal indexes
  bool partial = false;  // Prisma 7 does not see the predicate; earlier versions not the index

  bool operator==(const PrismaIndex&) const = default;
};

// Whose index it is. Of a database, Prisma does not read operator classes of btree and hash
// indexes, and it takes INCLUDE columns for key columns.
enum class IndexOrigin { kSchema, kDatabase };

// Nothing for an index on an expression, which Prisma does not see, and for text that is not
// recognized. `definition`: as for IsIndexBeyondPrisma.
std::optional<PrismaIndex> ReadPrismaIndex(std::string_view definition, IndexOrigin origin);

// A primary or foreign key, as pg_get_constraintdef prints it, as Prisma's comparison sees it:
// columns, and of a foreign key the referenced table, its columns and the actions. Not seen: NOT
// VALID, DEFERRABLE, MATCH FULL, the columns of SET NULL. Nothing for other constraints.
std::optional<std::string> PrismaKey(std::string_view definition);

// One spelling for defaults that Prisma considers equal: casts of constants, now() and
// CURRENT_TIMESTAMP, different spellings of a number, a list, a JSON text, a time ("time"). Other
// texts are returned unchanged.
std::string PrismaDefault(std::string_view expression);

}  // namespace ballast::sql
