// SPDX-License-Identifier: Apache-2.0
// The proof: a history replayed in one scratch database, the baseline that is written from it, and
// that baseline applied in a second one. What both hold must be the same.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "catalog/snapshot.h"
#include "introspect/volatile_rows.h"
#include "proof/double_replay.h"
#include "release/manifest.h"
#include "release/migration.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

struct ProofOptions {
  DoubleReplayOptions replay;
  size_t rows_limit = 0;  // bytes of rows; 0: the usual limit
  // Compared with the history in place of the baseline that would be written from it.
  std::optional<std::string> given_script = {};
  // A baseline of the same migrations that exists already. Where the history makes values at random
  // or from the clock, its values are kept, if it proves equal in everything else.
  std::optional<std::string> existing_script = {};
};

// What a database was found to hold.
struct State {
  catalog::Snapshot snapshot;
  bool any_sensitive = false;  // whether some facts are worded by the server's version
  std::vector<release::TableRows> rows;
  std::string server;  // "15.14"
};

struct ProvenBaseline {
  std::string script;  // the baseline
  State state;         // of the replayed database
  introspect::VolatileRows volatile_rows;
  release::FingerprintRecord fingerprint;
  std::vector<std::string> roles;
  std::vector<std::string> notices;
  std::vector<std::string> split;        // migrations that ran statement by statement
  std::vector<std::string> platform;     // what the platform provides, as globs
  std::vector<std::string> differences;  // empty: proven
  std::string server;                    // "15.14"
  std::map<std::string, double> stages;  // milliseconds
};

// Replays, reads, writes, applies, compares. B300 when the history does not replay, B302 names what
// cannot be carried, B303 when the databases differ (`details` name the objects).
Result<ProvenBaseline> Prove(ProofServers& servers, const ProofOptions& options,
                             Progress& progress);

// What the database of that URL holds, seen from its target schema.
Result<State> ReadState(const postgres::Target& target, const catalog::Scope& scope,
                        const introspect::VolatileRows& volatile_rows = {});

// What ReadState finds, without the rows.
Result<catalog::Snapshot> ReadSnapshotOf(const postgres::Target& target,
                                         const catalog::Scope& scope);

// Makes in an empty database what the platform provides, as a replay does.
Status PreparePlatform(const scratch::ScratchDatabase& database, const std::string& setup_script);

// Applies a script to an empty database and reads what that one holds then. B303 when it does not
// apply; `name` is for the message.
Result<State> ApplyAndRead(const scratch::ScratchDatabase& database, const std::string& script,
                           const std::string& name, const introspect::VolatileRows& volatile_rows,
                           const catalog::Scope& scope = {});

// The same in a scratch database of its own, for a baseline that exists already.
Result<State> StateOfScript(scratch::ScratchServer& server, const std::string& script,
                            const std::string& name,
                            const introspect::VolatileRows& volatile_rows = {},
                            const catalog::Scope& scope = {}, const std::string& setup_script = {});

// What a database in that state shall be known by, its own server's hashes included.
Result<release::FingerprintRecord> FingerprintRecordOf(const scratch::ScratchDatabase& database,
                                                       const State& state);

// Differences between two states, in words; empty when they are equal, layout included.
std::vector<std::string> DescribeDifferences(const State& expected, const State& actual);

}  // namespace ballast::proof
