// SPDX-License-Identifier: Apache-2.0
// `ballast schema check`: schema.prisma, the history and the live database, side by side.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "plan/drift.h"
#include "project/invocation.h"

namespace ballast::commands {

struct SchemaCheckOptions {
  std::vector<std::string> ignore;  // globs besides those of ballast.toml
  bool strict = false;              // what Prisma cannot say counts too
  bool live = false;                // the project's own database, without --database-url
};

struct SchemaCheckReport {
  std::vector<plan::Drift> schema;    // schema.prisma against the history
  std::vector<plan::Drift> database;  // the history against the live database
  bool looked_at_database = false;
  bool agree = false;
  std::vector<std::string> notices;
  std::optional<Error> error;
};

SchemaCheckReport SchemaCheck(const SchemaCheckOptions& options,
                              const project::Invocation& invocation);

}  // namespace ballast::commands
