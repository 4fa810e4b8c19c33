// SPDX-License-Identifier: Apache-2.0
// The one way to say a table. The layout is Prisma's, to the byte (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/sql_renderer/postgres_renderer.rs): `schema
// sql` prints it, and the baseline uses it for all that Prisma can say and for more.
#pragma once

#include <string>

#include "catalog/catalog.h"

namespace ballast::catalog {

// How names are put in double quotes.
enum class Quoting {
  kSafe,   // embedded quotes are doubled
  kPrisma  // as Prisma 6 prints them, quotes not doubled (its known fault; `schema sql` only)
};

// Each gives one statement with its closing semicolon and newline, without a comment line.
std::string RenderCreateSchema(const Schema& schema);           // CREATE SCHEMA IF NOT EXISTS …
std::string RenderCreateExtension(const Extension& extension);  // CREATE EXTENSION IF NOT EXISTS …
std::string RenderCreateEnum(const Enum& value, Quoting quoting = Quoting::kSafe);
std::string RenderColumn(const Column& column);  // as in CREATE TABLE, without its indentation
std::string RenderCreateTable(const Table& table, Quoting quoting = Quoting::kSafe);
std::string RenderCreateIndex(const Index& index, Quoting quoting = Quoting::kSafe);
std::string RenderAddForeignKey(const ForeignKey& key, Quoting quoting = Quoting::kSafe);

// DO with a tag that does not occur in the body; each line of the body ends with '\n'.
std::string RenderDoBlock(const std::string& body);
// A statement about something whose name is known only when the script runs, as the value of the
// expression `name`: "current_schema()". The name stands between `before` and `after`.
std::string RenderNamed(const std::string& before, const std::string& after,
                        const std::string& name);

// One step of a script: "-- CreateTable\n" + statements. Steps are joined with one empty line.
struct ScriptStep {
  std::string title;  // "CreateTable"
  std::string statements;
};
std::string RenderScript(const std::vector<ScriptStep>& steps);

}  // namespace ballast::catalog
