// SPDX-License-Identifier: Apache-2.0
// Definitions of the server as Prisma's comparison sees them (prisma-engines schema-engine/
// connectors/sql-schema-connector/src/sql_schema_differ/column.rs defaults_match, and its
// introspection of defaults, sql-schema-describer/src/postgres/default.rs).
#pragma once

#include <string>
#include <string_view>

namespace ballast::sql {

// Whether an index, as pg_get_indexdef prints it (all of it, or from USING on), has a part that the
// Prisma schema language has no words for: an expression, a predicate, INCLUDE, a collation, NULLS
// FIRST or LAST against the usual, NULLS NOT DISTINCT, storage parameters. A text that is not
// understood has none.
bool IsIndexBeyondPrisma(std::string_view definition);

// One wording for defaults that Prisma takes for equal: casts of constants, now() and
// CURRENT_TIMESTAMP, ways to write a number, a list, a JSON text, a time. Other texts are returned
// as they are.
std::string PrismaDefault(std::string_view expression);

}  // namespace ballast::sql
