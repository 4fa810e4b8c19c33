// SPDX-License-Identifier: Apache-2.0
// The migrations that follow a squash: with it, they must make the same databases as with the
// migrations that it replaces.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "proof/proof.h"
#include "release/migration.h"
#include "release/replay_mode.h"
#include "scratch/scratch_server.h"

namespace ballast::commands {

struct SquashedHistory {
  const std::vector<release::Migration>& replaced;
  const release::Migration& squash;
  const std::vector<release::Migration>& following;  // not empty
  std::string setup;                                 // SQL that runs before the history
  release::ReplayMode mode = release::ReplayMode::kAuto;
  std::string folder;         // of the migrations, for places in errors
  catalog::Scope asked = {};  // everything, and what only the state of the squash asks for
};

// After a following migration.
struct FollowingState {
  proof::State state;  // without rows
  release::FingerprintRecord fingerprint;
};

// Replays the squash and what follows on `server`, and the history without the squash on servers
// started with `options`, each in one session as in a fresh database. The states after each
// following migration. B303 if the two make different databases: a replaced migration has left a
// setting of the session to a later one. Errors as apply::Replay and of the servers.
Result<std::vector<FollowingState>> ProveFollowing(const SquashedHistory& history,
                                                   scratch::ScratchServer& server,
                                                   const scratch::ScratchOptions& options,
                                                   Progress& progress);

}  // namespace ballast::commands
