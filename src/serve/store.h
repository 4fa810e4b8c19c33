// SPDX-License-Identifier: Apache-2.0
// The storage of `ballast serve`: run reports, and samples of each database over time. An SQLite
// file, SQLite in memory, or a PostgreSQL database other than the watched ones.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::serve {

// A stored run. `report` is what report::ToJson writes.
struct StoredRun {
  std::string run;         // UUID
  std::string database;    // the name under which it is watched; empty for reports from elsewhere
  std::string command;     // "deploy"
  std::string outcome;     // report::NameOf
  std::string started_at;  // RFC 3339, UTC, with milliseconds
  std::string report;
};

// The state of a database at one time.
struct Sample {
  std::string database;
  int64_t at = 0;  // seconds since 1970
  bool ready = false;
  bool reachable = false;
  int pending = 0;    // -1: not known
  int drift = 0;      // -1: not compared
  int additions = 0;  // likewise
  int took_ms = 0;
};

// Runs of one database, command and outcome.
struct RunCount {
  std::string database;
  std::string command;
  std::string outcome;
  uint64_t count = 0;
};

struct RunQuery {
  std::string database;      // empty: all
  std::string command;       // empty: all
  std::string outcome = {};  // empty: all
  std::string since;         // RFC 3339; empty: any time
  int limit = 200;
};

// Thread-safe. Errors: B104 and B105 for SQLite, as Session::Query for PostgreSQL.
class Store {
 public:
  virtual ~Store() = default;

  // True if the run is new or extends the stored one (by the database's name).
  virtual Result<bool> AddRun(const StoredRun& run) = 0;
  // Removes other database names from stored runs, so that a renamed database gets its runs again.
  virtual Status RemoveOthers(const std::vector<std::string>& databases) = 0;
  // Of all runs that were ever added.
  virtual Result<std::vector<RunCount>> Counts() = 0;
  // Newest first, without those whose reports were removed.
  virtual Result<std::vector<StoredRun>> Runs(const RunQuery& query) = 0;
  // The same runs without their reports; at most the newest `most`.
  virtual Result<std::vector<StoredRun>> RunList(int most) = 0;
  // Those of these runs that have reports, in any order.
  virtual Result<std::vector<StoredRun>> RunsOf(const std::vector<std::string>& runs) = 0;
  // Of several samples of a database in one second, the worst of each value is kept.
  virtual Status AddSamples(const std::vector<Sample>& samples) = 0;
  // Samples of one database since that second, oldest first; at most the newest 2,000.
  virtual Result<std::vector<Sample>> Samples(const std::string& database, int64_t since) = 0;
  // Removes samples before that second, and the reports of all but the newest `runs` runs. The runs
  // still count, so that counters never decrease.
  virtual Status Prune(int64_t before, int runs) = 0;
};

// Opens a store: a PostgreSQL URL (store_postgres.h), an SQLite file, or "" for one in memory
// (store_sqlite.h).
Result<std::unique_ptr<Store>> OpenStore(const std::string& place);

}  // namespace ballast::serve
