// SPDX-License-Identifier: Apache-2.0
// Types of columns, as the server prints them, and what Prisma knows of them (prisma-engines
// sql-schema-describer/src/postgres.rs, get_column_type_postgresql).
#pragma once

#include <string>

namespace ballast::plan {

// A type as the server prints it: "timestamp(3) without time zone[]".
struct TypeText {
  std::string name;       // "timestamp without time zone"
  std::string arguments;  // "3"; empty if there are none
  bool list = false;
};
TypeText ReadType(std::string text);

bool IsTimeType(const std::string& name);     // also a date
bool IsIntegerType(const std::string& name);  // also oid
bool IsFractionType(const std::string& name);

// Whether Prisma has a name for the type; it has none for enums.
bool HasPrismaType(const std::string& name);

}  // namespace ballast::plan
