// SPDX-License-Identifier: Apache-2.0
// `ballast resolve`: updates the migrations table without running any script.
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
  // Marks the migrations that the strategy's baseline covers as applied. A database with rows of
  // the other strategy is converted if its catalog is in the state that its rows describe; with a
  // `strategy`, rows are only converted, unless there are none.
  bool all_covered = false;
  std::string strategy;  // as for deploy; determines the strategy of all_covered
  std::string branch;
};

struct ResolveReport {
  std::vector<std::string> applied;
  std::vector<std::string> rolled_back;
  std::string
      converted_to;  // "release" or "development": the strategy whose rows replaced the others
  bool has_its_rows = false;          // nothing to convert: the rows are those of the strategy
  std::vector<std::string> evidence;  // of a refusal
  std::vector<std::string> remedies;
  report::RunReport run;
  std::optional<Error> error;

  bool HasChanged() const { return !error; }
};

// One transaction for all names; P3008, P3011, P3012, P3017 and P3019 as in Prisma.
ResolveReport Resolve(const ResolveOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
