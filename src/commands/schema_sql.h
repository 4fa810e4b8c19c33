// SPDX-License-Identifier: Apache-2.0
// `ballast schema sql`: prints the SQL that Prisma prints for the schema.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "prisma/parse.h"
#include "project/invocation.h"

namespace ballast::commands {

struct SchemaSqlOptions {
  std::optional<prisma::Compat> compat;  // empty: the project's version
};

struct SchemaSqlReport {
  std::string sql;
  std::string diagnostics;  // warnings, or the errors in Prisma's form
  std::optional<Error> error;
};

// The SQL of `prisma migrate diff --from-empty`. B102 without a schema; P1012 if it is not valid,
// with the diagnostics in the report.
SchemaSqlReport SchemaSql(const SchemaSqlOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
