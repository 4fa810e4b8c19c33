// SPDX-License-Identifier: Apache-2.0
// Which runs the metrics show: the last one of each command and database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/run_report.h"

namespace ballast::serve {

// A run with the name under which its database is watched; empty: none.
struct KnownRun {
  std::string name;
  report::RunReport report;
};

// Of each command and database the newest run. `runs` are newest first. A run that failed before it
// knew its project, server, database or schema is of those of the next run that did. One that was
// refused or failed is left out if a later run of any command succeeded on its database. Errors of
// the command line (B100) are left out, because they are about no database. The time grows with the
// number of runs, not with that of databases.
std::vector<KnownRun> LastRuns(const std::vector<KnownRun>& runs);

// Whether the run failed before `since` (RFC 3339, UTC) and not on a watched database: nobody may
// ever run its command there again.
bool IsForgotten(const KnownRun& run, std::string_view since);

}  // namespace ballast::serve
