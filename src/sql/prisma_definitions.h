// SPDX-License-Identifier: Apache-2.0
// Definitions of the server as Prisma's comparison sees them (prisma-engines schema-engine/
// connectors/sql-schema-connector/src/sql_schema_differ/column.rs defaults_match, and its
// introspection of defaults, sql-schema-describer/src/postgres/default.rs).
#pragma once

#include <string>
#include <string_view>

namespace ballast::sql {

// Whether an index, as pg_get_indexdef prints it (completely, or from USING on), has a part that
// the Prisma schema language cannot express: an expression, a predicate, INCLUDE, a collation, a
// non-default NULLS FIRST or LAST, NULLS NOT DISTINCT, storage parameters. False for text that is
// not recognized.
bool IsIndexBeyondPrisma(std::string_view definition);

// One spelling for defaults that Prisma considers equal: casts of constants, now() and
// CURRENT_TIMESTAMP, different spellings of a number, a list, a JSON text, a time. Other texts are
// returned unchanged.
std::string PrismaDefault(std::string_view expression);

}  // namespace ballast::sql
