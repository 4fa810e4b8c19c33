// SPDX-License-Identifier: Apache-2.0
// What `ballast serve` keeps of its own: run reports, and samples of each database over time. An
// SQLite file, SQLite in memory, or a PostgreSQL database that is not one of those watched.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::serve {

// A run as it is kept. `report` is what report::ToJson writes.
struct StoredRun {
  std::string run;         // UUID
  std::string database;    // the name under which it is watched; empty: of a report from elsewhere
  std::string command;     // "deploy"
  std::string outcome;     // report::NameOf
  std::string started_at;  // RFC 3339, UTC, with milliseconds
  std::string report;
};

// A database at a time.
struct Sample {
  std::string database;
  int64_t at = 0;  // seconds since 1970
  bool ready = false;
  bool reachable = false;
  int pending = 0;
  int drift = 0;
  int additions = 0;
  int took_ms = 0;
};

struct RunQuery {
  std::string database;  // empty: all
  std::string command;   // empty: all
  std::string since;     // RFC 3339; empty: any time
  int limit = 200;
};

// Safe to call from several threads. Errors: B104 and B105 for SQLite, those of Session::Query for
// PostgreSQL.
class Store {
 public:
  virtual ~Store() = default;

  // True: it is new, or has more than what was kept (a database's name).
  virtual Result<bool> AddRun(const StoredRun& run) = 0;
  // Runs of databases with other names than these become nobody's, so that a database that has a
  // new name gets its runs again.
  virtual Status KeepNames(const std::vector<std::string>& databases) = 0;
  // Newest first.
  virtual Result<std::vector<StoredRun>> Runs(const RunQuery& query) = 0;
  virtual Status AddSamples(const std::vector<Sample>& samples) = 0;
  // Of one database since that second, oldest first; at most 2000, the newest.
  virtual Result<std::vector<Sample>> Samples(const std::string& database, int64_t since) = 0;
  // Removes samples before that second, and all but the newest `runs` runs.
  virtual Status Prune(int64_t before, int runs) = 0;
};

// Opens the store that `place` names: a PostgreSQL URL (store_postgres.h), an SQLite file, or ""
// for one in memory (store_sqlite.h).
Result<std::unique_ptr<Store>> OpenStore(const std::string& place);

}  // namespace ballast::serve
