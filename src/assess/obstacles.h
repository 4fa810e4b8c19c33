// SPDX-License-Identifier: Apache-2.0
// Additions that an upgrade would collide with, found before its first step: objects whose names it
// needs, and views of others on what it changes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assess/live_state.h"
#include "base/result.h"
#include "catalog/name_conflicts.h"
#include "catalog/object_identity.h"
#include "catalog/snapshot.h"
#include "plan/plan.h"
#include "plan/review.h"
#include "postgres/session.h"

namespace ballast::assess {

// Names that the upgrade needs and that additions have. Empty if the state before it is not known.
std::vector<catalog::NameConflict> NameConflictsOf(const LiveState& state,
                                                   const catalog::Snapshot& proven_after);

// Additions that may make the upgrade fail, except for the objects in `handled`, and
// rows that row security hides from it. Its scripts decide, so they are not a refusal. Queries the
// database only if the upgrade drops or changes columns or relations.
Result<std::vector<plan::Notice>> ProbableObstacles(const LiveState& state,
                                                    const catalog::Snapshot& proven_after,
                                                    const std::string& target_schema,
                                                    const std::vector<catalog::ObjectKey>& handled,
                                                    postgres::Session& session);

// Additions that belong to an object or a column which the plan drops, so that they go with it.
// Empty if a script renames relations, because additions move with them.
std::vector<std::string> DroppedAdditions(const LiveState& state, const plan::Plan& plan,
                                          const catalog::Snapshot& proven_after);

// An addition that goes with an object which a script drops.
struct LostAddition {
  std::string name;        // as NameOfAddition
  std::string made_again;  // by the script, without it: "function f()"; or empty
  std::string migration;
};
// `gone`: what the scripts drop, with the script. Without additions that are in `named`.
std::vector<LostAddition> AdditionsAmong(const std::map<catalog::ObjectKey, std::string>& gone,
                                         const LiveState& state,
                                         const catalog::Snapshot& proven_after,
                                         const std::vector<catalog::ObjectKey>& named);

}  // namespace ballast::assess
