// SPDX-License-Identifier: Apache-2.0
// `ballast squash`: replaces the folders of the migrations folder by one with a proven baseline.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"

namespace ballast::commands {

struct SquashOptions {
  std::string up_to;     // the last migration to replace; empty: all of them
  bool dry_run = false;  // prove, and write nothing
  bool check = false;    // look at the squash that exists; start nothing and write nothing
  std::string replay_mode = "batch";  // or "split": Prisma before and since 7.4
  int64_t max_rows_bytes = int64_t{10} << 20;
};

struct SquashReport {
  std::string name;  // of the squash; empty: there is none
  bool changed = false;
  bool dry_run = false;
  std::vector<std::string> covered;    // migrations that the squash replaces
  std::vector<std::string> removed;    // folders that are replaced now
  std::vector<std::string> following;  // migrations after it
  std::vector<std::string> late;       // migrations that the squash should contain and does not
  std::string fingerprint;
  std::vector<std::string> servers;  // where it was proven
  size_t script_bytes = 0;
  std::vector<std::string> refresh;  // what was made from the old folders, and the command for it
  // For databases that only Prisma deploys to: the command, and the SQL that removes the old rows.
  std::string resolve_command;
  std::string remove_rows_sql;
  std::vector<std::string> notices;
  std::optional<Error> error;
};

SquashReport Squash(const SquashOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
