// SPDX-License-Identifier: Apache-2.0
// Defaults of columns as Prisma compares them (prisma-engines sql-schema-connector/src/
// sql_schema_differ/column.rs defaults_match, sql-schema-describer/src/postgres/default.rs).
#pragma once

#include <optional>
#include <string>

#include "plan/prisma_types.h"

namespace ballast::plan {

// The default of a column in the schema and in the migrated database; empty if it has none.
struct DefaultPair {
  std::string expected;  // in the server's words, of the schema's DDL
  std::string replayed;
  TypeText type;  // of the migrated database
  bool is_enum = false;
  // The text in @default(dbgenerated("…")), empty without one; nothing for other defaults.
  std::optional<std::string> generated = {};
};

// Whether Prisma sees no difference. It reads values in the database's defaults where it can, and
// takes all others for dbgenerated("…"), which equals no value of the schema.
bool AreSameDefaults(const DefaultPair& pair);

// The schema's default as it is written there, where Prisma sees a difference although the server
// prints both defaults alike.
std::string WrittenDefault(const DefaultPair& pair);

}  // namespace ballast::plan
