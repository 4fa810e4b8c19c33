// SPDX-License-Identifier: Apache-2.0
// What an adoption cannot see: a catalog does not show which migrations have changed rows.
#pragma once

#include <string>
#include <vector>

#include "plan/compared_state.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The migrations that `state` covers and that may not have run, although the catalog equals the
// state, in order:
// - those that change rows after a point of the history with the same catalog
// (sql::ShownByCatalog):
//   mostly the last ones, which change only rows;
// - if `foreign`, the rows that belong to an unknown release, has hotfixes: each migration that can
//   change rows, because a hotfix may have created what the catalog shows of it.
// Migrations that have a row in the migrations table are not among them. Needs the scripts of the
// migrations: of FollowHistory, or ApplyRelease::history (Need::kHistory).
std::vector<std::string> UnseenRowChanges(const Intent& intent, const ComparedState& state,
                                          const Observation& observation,
                                          const std::vector<std::string>& foreign);

// B506: names `unseen`, and how to say whether they have run.
Refusal RefuseUnseenRowChanges(const Intent& intent, const ComparedState& state,
                               std::vector<std::string> unseen);

}  // namespace ballast::plan
