// SPDX-License-Identifier: Apache-2.0
// `ballast rollback --to`: a live database goes back to an earlier release, or to an earlier
// migration of its history. The script is written from the difference of the two states and tried
// in a scratch database, there and back, before it touches the live one.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "commands/repair.h"
#include "project/invocation.h"

namespace ballast::commands {

struct RollbackOptions {
  std::string to;  // a release's version, or a migration's name
  std::string strategy;
  std::string branch;
  std::vector<std::string> trusted_keys;
  bool dry_run = false;
  bool sql = false;
  bool keep_data = false;                     // into the schema ballast_kept
  std::vector<std::string> accept_data_loss;  // globs over objects
  std::optional<std::chrono::milliseconds> lock_timeout;
  std::optional<std::chrono::milliseconds> statement_timeout;
};

struct RollbackReport : ChangeReport {
  std::string from;  // the state that the database is in
};

// B512 where no earlier state of that name can be made from what is here, or where the way back
// does not prove in a scratch database.
RollbackReport Rollback(const RollbackOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
