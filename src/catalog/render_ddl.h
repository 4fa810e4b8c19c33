// SPDX-License-Identifier: Apache-2.0
// Renders DDL in Prisma's layout, byte for byte (prisma-engines
// schema-engine/connectors/sql-schema-connector/src/sql_renderer/postgres_renderer.rs). `schema
// sql` prints it; the baseline uses it also for what Prisma cannot express.
#pragma once

#include <string>

#include "catalog/catalog.h"

namespace ballast::catalog {

// How names are put in double quotes.
enum class Quoting {
  kSafe,   // embedded quotes are doubled
  kPrisma  // as Prisma 6 does, without doubling (a known Prisma bug; only for `schema sql`)
};

// Each returns one statement with semicolon and newline, without a comment line.
std::string RenderCreateSchema(const Schema& schema);           // CREATE SCHEMA IF NOT EXISTS …
std::string RenderCreateExtension(const Extension& extension);  // CREATE EXTENSION IF NOT EXISTS …
std::string RenderCreateEnum(const Enum& value, Quoting quoting = Quoting::kSafe);
std::string RenderColumn(const Column& column);  // as in CREATE TABLE, without its indentation
std::string RenderCreateTable(const Table& table, Quoting quoting = Quoting::kSafe);
enum class IndexBuild { kPlain, kConcurrent };
std::string RenderCreateIndex(const Index& index, Quoting quoting = Quoting::kSafe,
                              IndexBuild build = IndexBuild::kPlain);
std::string RenderAddForeignKey(const ForeignKey& key, Quoting quoting = Quoting::kSafe);

// A DO block with a dollar-quote tag that does not occur in the body; each body line ends with '
// '.
std::string RenderDoBlock(const std::string& body);
// A statement whose object is named by an expression when the script runs, such as
// "current_schema()". The name is inserted between `before` and `after`.
std::string RenderNamed(const std::string& before, const std::string& after,
                        const std::string& name);

// One step of a script: "-- CreateTable\n" + statements. Steps are joined with one empty line.
struct ScriptStep {
  std::string title;  // "CreateTable"
  std::string statements;
};
std::string RenderScript(const std::vector<ScriptStep>& steps);

}  // namespace ballast::catalog
