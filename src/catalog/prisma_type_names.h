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

}  // namespace ballast::catalog
