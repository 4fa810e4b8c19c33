// SPDX-License-Identifier: Apache-2.0
// Finds the statements of a script that need the privilege CREATE on the database (PostgreSQL
// manual, CREATE SCHEMA, ALTER SCHEMA and CREATE PUBLICATION), to check before a deploy whether the
// role has it. Extensions: see extension_statements.h.
#pragma once

#include <optional>
#include <string_view>

#include "sql/split.h"

namespace ballast::sql {

struct DatabaseObjects {
  // The first such statement that the deploying role itself runs.
  std::optional<StatementText> first;
  // Another role runs the rest of the script, and what follows it.
  bool switches_role = false;
};

// CREATE SCHEMA needs the privilege even with IF NOT EXISTS and a schema that exists. Omits
// statements inside DO blocks and functions. Views into the script.
DatabaseObjects DatabaseObjectsIn(std::string_view script);

}  // namespace ballast::sql
