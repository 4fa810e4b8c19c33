// SPDX-License-Identifier: Apache-2.0
// The proof: the migration history is replayed in one scratch database, a baseline is written from
// it and applied in a second one, and both must be equal.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "catalog/dated_partitions.h"
#include "catalog/snapshot.h"
#include "introspect/volatile_rows.h"
#include "proof/double_replay.h"
#include "release/manifest.h"
#include "release/migration.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

struct ProofOptions {
  DoubleReplayOptions replay;
  size_t rows_limit = 0;  // in bytes; 0: the default limit
  // Compared with the history instead of a baseline written from it.
  std::optional<std::string> given_script = {};
  // An existing baseline of the same migrations. Its values for random and clock columns, and its
  // partitions that depend on the date, are kept if it is equal in everything else.
  std::optional<std::string> existing_script = {};
};

// The content of a database.
struct State {
  catalog::Snapshot snapshot;
  bool any_sensitive = false;  // whether some properties depend on the server's version
  std::vector<release::TableRows> rows;
  std::string server;  // "15.14"
};

struct ProvenBaseline {
  std::string script;  // the baseline
  State state;         // of the replayed database, with the partitions of the script's date
  introspect::VolatileRows volatile_rows;
  catalog::VolatileObjects volatile_objects;  // the snapshot has remarks about them
  release::FingerprintRecord fingerprint;
  std::vector<std::string> roles;
  std::vector<std::string> notices;
  std::vector<std::string> split;     // migrations that ran statement by statement
  std::vector<std::string> platform;  // what the platform provides, as globs
  std::vector<release::OutsideObject> outside_objects;
  std::vector<std::string> differences;  // empty: proven
  // What the script fulfills beyond the replayed catalog (proof/role_dependence.h), and the lines
  // that it has for it. `state` has these properties, too.
  catalog::Snapshot conditions = {};
  std::set<std::string> own_lines = {};
  // Privileges that the script grants, but the history does not, if there are differences.
  catalog::Snapshot revoked = {};
  std::string server;                    // "15.14"
  std::map<std::string, double> stages;  // duration in milliseconds, by stage
};

// Replays, reads, writes, applies, compares. B300 if the replay fails, B302 names unsupported
// objects, B303 if the databases differ (`details` name the objects).
Result<ProvenBaseline> Prove(ProofServers& servers, const ProofOptions& options,
                             Progress& progress);

// The content of a database, read with its target schema as search_path.
Result<State> ReadState(const postgres::Target& target, const catalog::Scope& scope,
                        const introspect::VolatileRows& volatile_rows = {});

// The same without rows.
Result<catalog::Snapshot> ReadSnapshotOf(const postgres::Target& target,
                                         const catalog::Scope& scope);

// The properties of tables that are in publications of the platform, not put there by it: with
// catalog::kPublishedBy. In the target schema as search_path.
Result<catalog::Snapshot> ReadPublishedTables(const postgres::Target& target);

// Creates the platform's objects in an empty database, as a replay does.
Status PreparePlatform(const scratch::ScratchDatabase& database, const std::string& setup_script);

// Applies a script to an empty database and reads the result. B303 if it fails; `name` is for the
// message.
Result<State> ApplyAndRead(const scratch::ScratchDatabase& database, const std::string& script,
                           const std::string& name, const introspect::VolatileRows& volatile_rows,
                           const catalog::Scope& scope = {});

// The same in a scratch database of its own, for an existing baseline.
Result<State> StateOfScript(scratch::ScratchServer& server, const std::string& script,
                            const std::string& name,
                            const introspect::VolatileRows& volatile_rows = {},
                            const catalog::Scope& scope = {}, const std::string& setup_script = {});

// The fingerprint record of a state, including hashes of its server.
Result<release::FingerprintRecord> FingerprintRecordOf(const scratch::ScratchDatabase& database,
                                                       const State& state);

// Descriptions of the differences, including layout; empty if the states are equal.
std::vector<std::string> DescribeDifferences(const State& expected, const State& actual);

}  // namespace ballast::proof
