// SPDX-License-Identifier: Apache-2.0
// `ballast resolve`: tells the migrations table what happened, running no script of the user's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"
#include "report/run_report.h"

namespace ballast::commands {

struct ResolveOptions {
  std::vector<std::string> applied;      // names, or patterns with * and ?
  std::vector<std::string> rolled_back;  // likewise
  // What the baseline of the strategy stands for is marked as applied. A database of the other
  // ledger is converted, if its catalog proves what its rows say.
  bool all_covered = false;
  std::string strategy;  // as of deploy: which ledger --all-covered means
  std::string branch;
};

struct ResolveReport {
  std::vector<std::string> applied;
  std::vector<std::string> rolled_back;
  std::string converted_to;  // "release" or "development": rows became those of the other ledger
  std::vector<std::string> evidence;  // of a refusal
  std::vector<std::string> remedies;
  report::RunReport run;
  std::optional<Error> error;
};

// One transaction for all names; P3008, P3011, P3012, P3017 and P3019 as Prisma says them.
ResolveReport Resolve(const ResolveOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
