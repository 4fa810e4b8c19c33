// SPDX-License-Identifier: Apache-2.0
// The two replays of the migrations that a proof needs, each on a server of its own, because roles
// belong to the whole server. Differences between them come from the clock or are random.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apply/role_watch.h"
#include "base/progress.h"
#include "base/result.h"
#include "catalog/dated_partitions.h"
#include "introspect/volatile_rows.h"
#include "release/migration.h"
#include "release/replay_mode.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

struct ProofServers {
  scratch::ScratchOptions options;  // for further servers
  scratch::ScratchServer first;
  scratch::ScratchServer second;
  // Its clock is ahead, so that what comes from the clock differs; none on a server of the user's.
  std::optional<scratch::ScratchServer> ahead = std::nullopt;
};

// Starts all servers in parallel. Errors as ScratchServer::Start.
Result<ProofServers> StartProofServers(const scratch::ScratchOptions& options, Progress& progress);

// Seeds random() in the replay whose values a baseline keeps.
inline constexpr char kFirstSeed[] = "first replay";

struct DoubleReplayOptions {
  const std::vector<release::Migration>& migrations;
  std::string setup_script;  // SQL that runs before the history
  release::ReplayMode mode = release::ReplayMode::kAuto;
  std::string folder;  // of the migrations, for places in errors
  // Called after each migration of the first replay.
  std::function<Status(const release::Migration&, const scratch::ScratchDatabase&)> after = {};
};

struct Replays {
  scratch::ScratchDatabase first;  // the one to be read
  introspect::VolatileRows volatile_rows;
  std::vector<std::string> roles;  // made by the history
  // Only on a server that the user names: roles of which nobody can know who made them.
  std::vector<apply::UnclearRole> unclear_roles = {};
  std::vector<std::string> notices;
  std::vector<std::string> split;             // migrations that ran statement by statement
  std::vector<std::string> platform;          // what the setup script made, as globs
  catalog::VolatileObjects volatile_objects;  // what differs between the replays
};

// Side by side; on a server that the user names, one after the other. A history that fails only on
// the server whose clock is ahead gets a notice. Errors as apply::Replay.
Result<Replays> ReplayOnBothServers(ProofServers& servers, const DoubleReplayOptions& options,
                                    Progress& progress);

}  // namespace ballast::proof
