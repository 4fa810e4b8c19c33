// SPDX-License-Identifier: Apache-2.0
// The runs that the journal of a database has recorded (docs/journal.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::postgres {

struct JournalRun {
  std::string at;     // when it ended, by the server's clock: "2026-11-26T20:11:14.123Z"
  std::string actor;  // the role
  // The run report (report/run_report.h: ParseRunReport). Of a run that an older version has
  // recorded, or that `deploy --sql` and psql have done, it has what the journal knows.
  std::string report;
};

struct RunFilter {
  std::string since;      // a time that PostgreSQL understands, or empty
  std::string release;    // version; empty: any
  std::string schema;     // the target schema; empty: any
  bool failures = false;  // only those that did not end as they should
  int limit = 0;          // the newest; 0: all
};

// Newest first. A database without a journal has no runs. Two messages. B304 if the role may not
// read the journal, and if `since` is not a time.
Result<std::vector<JournalRun>> ReadRuns(Session& session, const RunFilter& filter);

}  // namespace ballast::postgres
