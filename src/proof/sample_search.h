// SPDX-License-Identifier: Apache-2.0
// Finds the tables whose sample rows keep scripts from running.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "proof/sample_rows.h"

namespace ballast::proof {

// Runs the scripts without the sample rows of these tables, and returns why they do not run, if so.
// Errors: those of the servers (script_errors.h).
using RunWithoutRows =
    std::function<Result<std::optional<Error>>(const std::vector<std::string>& tables)>;

struct SampleSearch {
  const SampleRows& rows;  // with all of them, the scripts do not run
  // Tables of `rows.filled` that are more likely the reason than others.
  std::vector<std::string> likely = {};
  int runs = 0;  // about how many may be made
};

// Of the tables with a sample row, those without whose rows the scripts run, with the tables whose
// rows refer to theirs; not more than that many runs can show. nullopt if the scripts do not run
// without any sample row; the error of the last run is then that without them.
Result<std::optional<std::vector<std::string>>> TablesToOmit(const SampleSearch& search,
                                                             const RunWithoutRows& run);

// Of these tables, those whose rows do not refer to others of them.
std::vector<std::string> WithoutReferring(const std::vector<std::string>& tables,
                                          const SampleRows& rows);

}  // namespace ballast::proof
