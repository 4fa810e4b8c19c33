// SPDX-License-Identifier: Apache-2.0
// Reads the runs from a database's journal (docs/journal.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "postgres/session.h"

namespace ballast::postgres {

struct JournalRun {
  std::string at;     // end time by the server's clock: "2026-11-26T20:11:14.123Z"
  std::string actor;  // the role
  // The parts of a report::StoredRun. For runs of older versions, of `deploy --sql` and of psql,
  // the report contains what the journal has.
  std::string report;
  std::optional<std::string> measured;
  std::optional<double> duration_ms;
};

struct RunFilter {
  std::string since;      // a time that PostgreSQL understands, or empty
  std::string release;    // version; empty: any
  std::string strategy;   // empty: any
  std::string schema;     // the target schema; empty: any
  bool failures = false;  // only unsuccessful runs
  int limit = 0;          // the newest runs; 0: all
};

// Newest first; empty for a database without a journal. Two messages. B304 if the role cannot read
// the journal or `since` is not a time.
Result<std::vector<JournalRun>> ReadRuns(Session& session, const RunFilter& filter);

// Whether the last transaction of the run was committed: it writes the entry `deployed`. The
// journal must exist. `run`: the uuid. B304 if the role cannot read the journal.
Result<bool> HasEnded(Session& session, const std::string& run);

}  // namespace ballast::postgres
