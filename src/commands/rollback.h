// SPDX-License-Identifier: Apache-2.0
// `ballast rollback --to`: returns a live database to an earlier release or migration. The script
// is generated from the difference of the two states and tested in a scratch database, in both
// directions, before it runs on the live one.
#pragma once

#include <string>
#include <vector>

#include "change/change_report.h"
#include "project/invocation.h"

namespace ballast::commands {

struct RollbackOptions : change::LiveChangeOptions {
  std::string to;                             // a release's version, or a migration's name
  bool keep_data = false;                     // into the schema ballast_kept
  std::vector<std::string> accept_data_loss;  // globs on objects
};

struct RollbackReport : change::ChangeReport {
  std::string from;  // the present state of the database
};

// B512 if no earlier state of that name can be built from the available files, or if the rollback
// fails its test in a scratch database. Otherwise errors as Repair, and B503 for drift.
RollbackReport Rollback(const RollbackOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
