// SPDX-License-Identifier: Apache-2.0
// The snapshots of the states that a project has proven. All questions of a run share them: a file
// is parsed when one of its snapshots is first asked for, and only once.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/dated_partitions.h"
#include "catalog/known_states.h"
#include "catalog/snapshot.h"
#include "release/coverage.h"

namespace ballast::project {

struct Artifacts;

using SharedStates = std::shared_ptr<const std::vector<catalog::KnownState>>;

// Parses files with snapshots once. A path always has the same text. Thread-safe.
class ParsedSnapshots {
 public:
  struct Parsed {
    catalog::SharedSnapshot snapshot;
    std::string fingerprint;
  };
  // Errors as catalog::ParseSnapshot.
  Result<Parsed> Snapshot(const std::string& path, const std::string& text);
  // Errors as catalog::ParseStates.
  Result<SharedStates> States(const catalog::Snapshot& base, const std::string& path,
                              const std::string& text);

 private:
  std::mutex mutex_;
  std::map<std::string, Parsed> snapshots_;
  std::map<std::string, SharedStates> states_;
};

// A point of the migration history, or of a release's hotfixes, at which a database may be; or the
// state that Prisma creates from the schema file alone.
struct HistoryPoint {
  release::Coverage covers;
  release::Coverage hotfixes;  // that ran after all of `covers`; empty: a point of the history
  size_t shown = 0;  // how many of both its catalog shows: an earlier point can have the same
  std::string name;
  std::string fingerprint;  // of `snapshot`
  catalog::SharedSnapshot snapshot;
  bool of_schema = false;  // of the schema file alone; covers nothing
};

// Points of the history near the states of the databases of a run. Thread-safe.
class HistoryPoints {
 public:
  // Does nothing if a point of that fingerprint is known.
  void Add(HistoryPoint point);
  std::vector<HistoryPoint> All() const;  // in the order in which they were added

 private:
  mutable std::mutex mutex_;
  std::vector<HistoryPoint> points_;
};

// The proven snapshot of a fingerprint, from the package, the development baseline, the squash or
// the points of the history; null if none of them has it. B401.
Result<catalog::SharedSnapshot> ProvenSnapshot(const Artifacts& artifacts,
                                               const std::string& fingerprint);

// The states of earlier releases and of the schema alone that the package has; empty if it has
// none. B401.
Result<SharedStates> StatesOfPackage(const Artifacts& artifacts);

// Partitions that depend on the date in the states of the package, the development baseline or the
// squash. B401.
Result<catalog::DatedPartitions> DatedPartitionsIn(const Artifacts& artifacts);

}  // namespace ballast::project
