// SPDX-License-Identifier: Apache-2.0
// Verifies upgrade paths: an earlier release is built in a scratch database and upgraded with the
// plan that a deploy would execute. Only paths that end in the proven catalog become part of the
// manifest.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "plan/intent.h"
#include "proof/earlier_releases.h"
#include "proof/proof.h"
#include "proof/rollback_proof.h"

namespace ballast::proof {

struct UpgradePathLine {
  std::string version;  // the start
  std::string origin;
  bool proven = false;
  int migrations = 0;                    // number of migrations that run
  std::vector<std::string> replaces;     // migrations whose effect hotfixes of that release include
  std::vector<std::string> edited;       // migrations that both cover, with different scripts
  std::vector<std::string> hotfixes;     // of that release, which this history does not have
  std::vector<std::string> differences;  // why it is not proven
  // Whether these are differences of catalogs; otherwise it is one sentence, or one for each of the
  // hotfixes above.
  bool is_compared = false;
  std::string remedy;  // of that sentence; or empty
};

struct UpgradePath {
  UpgradePathLine line;
  release::PreviousRelease record;  // for the manifest, if proven
  catalog::Snapshot snapshot;       // of the start, if proven
  ProvenRollback rollback;          // the rollback, if proven
};

struct UpgradePathQuestion {
  plan::ApplyRelease release;              // the new one, including its history
  catalog::Snapshot snapshot;              // of its proven catalog
  std::string setup_script;                // run before a replay
  RollbackScripts rollbacks;               // that people have written
  std::vector<std::string> platform = {};  // what the setup script provides, as globs
};

// In the order of `earlier`, on both servers in parallel. What scripts cause is part of the result;
// an error is one of the servers (script_errors.h).
Result<std::vector<UpgradePath>> VerifyUpgradePaths(ProofServers& servers,
                                                    const UpgradePathQuestion& question,
                                                    const std::vector<EarlierRelease>& earlier,
                                                    Progress& progress);

}  // namespace ballast::proof
