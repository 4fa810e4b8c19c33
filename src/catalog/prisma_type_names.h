// SPDX-License-Identifier: Apache-2.0
// Translates types and defaults from the server's spelling to Prisma's (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/sql_renderer/postgres_renderer.rs), where both
// mean the same to the server.
#pragma once

#include <string>

namespace ballast::catalog {

// "timestamp(3) without time zone[]" → "TIMESTAMP(3)[]"; other types are unchanged.
std::string PrismaType(const std::string& server_type);

// Translates a default from pg_get_expr. `bare_type` is the column's type without modifier.
// "'x'::text" → "'x'", "'-1'::integer" → "-1", "ARRAY[]::text[]" → "ARRAY[]::TEXT[]".
std::string PrismaDefault(const std::string& expression, const std::string& bare_type);

// The name that the server gives to sequences of SERIAL and IDENTITY, and PostgreSQL 18 to NOT NULL
// constraints: table_column_suffix, with the longer part shortened to fit (PostgreSQL
// src/backend/commands/indexcmds.c, makeObjectName).
std::string DefaultObjectName(std::string table, std::string column, const std::string& suffix);

}  // namespace ballast::catalog
