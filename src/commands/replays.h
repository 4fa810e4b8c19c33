// The two replays of a history that a proof needs, each on a server of its own, since roles belong
// to the whole server. What they do not leave the same comes from the clock or from chance.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "commands/kept_replay.h"
#include "postgres/scratch_server.h"
#include "postgres/volatile_rows.h"
#include "release/migration.h"

namespace ballast::commands {

struct ProofServers {
  postgres::ScratchServer first;
  postgres::ScratchServer second;
};

// Both at once; from what an earlier run has kept, if `kept` is not null. As ScratchServer::Start.
Result<ProofServers> StartProofServers(const postgres::ScratchOptions& options,
                                       const KeptReplay* kept, Progress& progress);

struct ReplayQuestion {
  const std::vector<release::Migration>& migrations;
  std::string setup_script;              // SQL that runs before the history
  bool split = false;                    // one statement at a time, as Prisma does since 7.4
  std::string folder;                    // of the migrations, for places in errors
  const KeptReplay* kept = nullptr;      // with which the servers were started
  const ReplayCache* keep_in = nullptr;  // null: nothing is kept for later
};

struct Replays {
  postgres::ScratchDatabase first;  // the one to be read
  postgres::VolatileRows volatile_rows;
  std::vector<std::string> roles;  // made by the history
  std::vector<std::string> notices;
};

// Side by side; on a server that the user names, one after the other. B300 and what else
// apply::Replay says.
Result<Replays> ReplayTwice(ProofServers& servers, const ReplayQuestion& question,
                            Progress& progress);

}  // namespace ballast::commands
