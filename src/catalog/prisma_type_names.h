// SPDX-License-Identifier: Apache-2.0
// What the server prints, in the words that Prisma prints (prisma-engines schema-engine/connectors/
// sql-schema-connector/src/sql_renderer/postgres_renderer.rs), only where both read back as the
// same.
#pragma once

#include <string>

namespace ballast::catalog {

// "timestamp(3) without time zone[]" → "TIMESTAMP(3)[]"; names that are not built in stay.
std::string PrismaType(const std::string& server_type);

// A default as pg_get_expr gives it, for a column whose type without modifier is `bare_type`:
// "'x'::text" → "'x'", "'-1'::integer" → "-1", "ARRAY[]::text[]" → "ARRAY[]::TEXT[]".
std::string PrismaDefault(const std::string& expression, const std::string& bare_type);

// The name that SERIAL and IDENTITY give to a sequence, and PostgreSQL 18 to NOT NULL constraints:
// table_column_suffix, the longer part cut until it fits (PostgreSQL src/backend/commands/
// indexcmds.c, makeObjectName).
std::string DefaultObjectName(std::string table, std::string column, const std::string& suffix);

}  // namespace ballast::catalog
