// SPDX-License-Identifier: Apache-2.0
// `ballast schema check`: compares schema.prisma, the migrations and the live database.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "plan/drift.h"
#include "project/invocation.h"

namespace ballast::commands {

struct SchemaCheckOptions {
  std::vector<std::string> ignore;  // globs in addition to those of ballast.toml
  bool strict = false;              // notes count as differences
  bool accept = false;              // write the differences into ballast.toml
  bool live = false;                // the project's own database, without --database-url
};

struct SchemaCheckReport {
  std::vector<plan::Drift> schema;    // schema.prisma compared with the migrations
  std::vector<plan::Drift> database;  // the migrations compared with the live database
  size_t accepted = 0;                // omitted differences that ballast.toml accepts
  std::string accepted_in;            // the ballast.toml that --accept has written; or empty
  bool looked_at_database = false;
  bool agree = false;
  std::vector<std::string> notices;
  std::optional<Error> error;
};

// Replays the migrations in a scratch database. Differences are a result, no error. Errors as
// LoadProject, those of the replay (B300) and of reading, and B105 with `accept`.
SchemaCheckReport SchemaCheck(const SchemaCheckOptions& options,
                              const project::Invocation& invocation);

}  // namespace ballast::commands
