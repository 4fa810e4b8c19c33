// SPDX-License-Identifier: Apache-2.0
// `ballast squash`: replaces migration folders by one with a proven baseline.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"
#include "release/replay_mode.h"

namespace ballast::commands {

struct SquashOptions {
  std::string up_to;     // the last migration to replace; empty: all of them
  bool dry_run = false;  // prove; write nothing
  bool check = false;    // check the existing squash; start and write nothing
  // kBatch or kSplit: as Prisma before and since 7.4.
  release::ReplayMode replay_mode = release::ReplayMode::kAuto;
  int64_t max_rows_bytes = int64_t{10} << 20;
};

struct SquashReport {
  std::string name;  // of the squash; or empty
  bool changed = false;
  bool dry_run = false;
  std::vector<std::string> covered;    // migrations that the squash replaces
  std::vector<std::string> removed;    // folders that are now replaced
  std::vector<std::string> following;  // migrations after it
  std::vector<std::string> late;  // migrations that sort before the squash but are not part of it
  std::string fingerprint;
  std::vector<std::string> servers;  // where it was proven
  size_t script_bytes = 0;
  // Files made from the old folders, with the command that makes them again.
  std::vector<std::string> refresh;
  std::string baseline;  // the folder of the development baseline that was made again; or empty
  // For databases to which only Prisma deploys: the command, and the SQL that removes the old rows.
  std::string resolve_command;
  std::string remove_rows_sql;
  std::string execute_command;  // of the project's Prisma, for that SQL
  std::vector<std::string> notices;
  std::optional<Error> error;
};

// Proves the squash in scratch databases before any file changes. B102 without a migrations folder,
// P3017 for an unknown migration, B513 if the migrations cannot be squashed; errors of the replay
// and the proof (B300 to B303), and B105.
SquashReport Squash(const SquashOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
