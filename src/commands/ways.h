// Ways: an earlier release is built in a scratch database and moved forward by the very plan that a
// deploy would run. Only what arrives at the proven catalog becomes part of the manifest.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "commands/earlier_releases.h"
#include "commands/proof.h"
#include "plan/intent.h"

namespace ballast::commands {

struct WayLine {
  std::string version;  // where it starts
  std::string origin;
  bool proven = false;
  int migrations = 0;                    // that run on the way
  std::vector<std::string> replaces;     // those that hotfixes of that release have made already
  std::vector<std::string> edited;       // names that both cover, with another script
  std::vector<std::string> differences;  // why it is not proven
};

struct Way {
  WayLine line;
  release::PreviousRelease record;  // for the manifest, when proven
  catalog::Facts facts;             // of where it starts, when proven
};

struct WayQuestion {
  plan::ApplyRelease release;  // the one that is being made, history included
  catalog::Facts facts;        // of its proven catalog
  std::string setup_script;    // runs before a replay
};

// In the order of `earlier`, on both servers at once. Errors only where the servers themselves
// fail.
Result<std::vector<Way>> ProveWays(ProofServers& servers, const WayQuestion& question,
                                   const std::vector<EarlierRelease>& earlier, Progress& progress);

}  // namespace ballast::commands
