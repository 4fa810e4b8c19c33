// SPDX-License-Identifier: Apache-2.0
// Proves the rollback from a release to an earlier one. The script is the difference of the two
// releases or written by hand. It runs in a scratch database with rows, which is then upgraded
// again.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "difference/difference.h"
#include "proof/rollback_question.h"
#include "proof/rollback_scene.h"
#include "release/previous_release.h"

namespace ballast::proof {

struct ProvenRollback {
  release::Rollback record;
  std::string script;  // the text of the file; empty if the record has a reason
  std::vector<difference::Statement> statements = {};  // of the script, in its order
  // How many rows of the migrations the script may remove from a table (quoted): those that it
  // removed in the proof or, if the record does not have them, those that the release has inserted.
  std::map<std::string, int64_t> removed_rows = {};
  // Of the losses, those that the script does not cause: the next upgrade drops the column or the
  // table, and makes another one of this name.
  std::vector<release::RollbackLoss> lost_later = {};
  // Sentences about migrations that change values which the rollback does not change back.
  std::vector<std::string> repeated = {};
  // Sentences about rows on which the migrations, that is the upgrade, do not run.
  std::vector<std::string> refusals = {};
  // The renames that it begins with, so it is not the difference alone; and the newer state after
  // them.
  std::string renames = {};
  catalog::Database renamed = {};
};

// The scene has a database in the newer state. Afterwards it is in the older or the newer state. If
// no rollback is found or proven, the record has the reason. Errors if the newer state cannot be
// read, and those of the servers (script_errors.h).
Result<ProvenRollback> ProveRollback(const RollbackQuestion& question, RollbackScene& scene);

}  // namespace ballast::proof
