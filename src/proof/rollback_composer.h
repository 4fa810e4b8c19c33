// SPDX-License-Identifier: Apache-2.0
// Composes the script of a rollback: one that was written by hand, the renames that can be reverted
// with the difference of the two states, or that difference alone. Whether the script is right is
// for rollback_proof.h to judge.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "difference/difference.h"
#include "proof/exchanged_names.h"
#include "proof/physical_columns.h"
#include "proof/rollback_question.h"
#include "proof/rollback_scene.h"
#include "release/previous_release.h"

namespace ballast::proof {

struct ComposedRollback {
  release::RollbackOrigin origin = release::RollbackOrigin::kNone;
  std::string text;                                    // as it runs
  std::vector<release::RollbackLoss> losses = {};      // that its statements list
  std::vector<difference::Statement> statements = {};  // in the order of the text
  bool is_difference = false;                          // without renames in front of it
  // The renames that a script of ballast begins with; and the newer state after them, if there are
  // any.
  std::string renames = {};
  catalog::Database renamed = {};
  NamesNow renamed_names = {};
  PhysicalColumns renamed_columns = {};
};

// kScript or kDownScripts if somebody has written a script for this rollback or for one of its
// migrations; else kNone.
release::RollbackOrigin OriginByHand(const RollbackQuestion& question);

// `newer` is the state of the scene's database. Statements are tried there, in transactions that
// are rolled back. B512 if a script or a conversion does not run; errors as Diff and StateBefore,
// and those of the server.
Result<ComposedRollback> ComposeRollback(const RollbackQuestion& question,
                                         const catalog::Database& newer, RollbackScene& scene);

}  // namespace ballast::proof
