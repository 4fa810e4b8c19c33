// SPDX-License-Identifier: Apache-2.0
// Ways: an earlier release is built in a scratch database and moved forward by the very plan that a
// deploy would run. Only what arrives at the proven catalog becomes part of the manifest.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "plan/intent.h"
#include "proof/earlier_releases.h"
#include "proof/proof.h"

namespace ballast::proof {

struct UpgradePathLine {
  std::string version;  // where it starts
  std::string origin;
  bool proven = false;
  int migrations = 0;                    // that run on the way
  std::vector<std::string> replaces;     // those that hotfixes of that release have made already
  std::vector<std::string> edited;       // names that both cover, with another script
  std::vector<std::string> hotfixes;     // of that release, which this history does not have
  std::vector<std::string> differences;  // why it is not proven
};

struct UpgradePath {
  UpgradePathLine line;
  release::PreviousRelease record;  // for the manifest, when proven
  catalog::Snapshot snapshot;       // of where it starts, when proven
};

struct UpgradePathQuestion {
  plan::ApplyRelease release;  // the one that is being made, history included
  catalog::Snapshot snapshot;  // of its proven catalog
  std::string setup_script;    // runs before a replay
};

// In the order of `earlier`, on both servers at once. Errors only where the servers themselves
// fail.
Result<std::vector<UpgradePath>> VerifyUpgradePaths(ProofServers& servers,
                                                    const UpgradePathQuestion& question,
                                                    const std::vector<EarlierRelease>& earlier,
                                                    Progress& progress);

}  // namespace ballast::proof
