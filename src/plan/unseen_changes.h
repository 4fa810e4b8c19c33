// SPDX-License-Identifier: Apache-2.0
// What an adoption cannot see: a catalog does not show which migrations have changed rows.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "plan/compared_state.h"
#include "plan/intent.h"
#include "plan/need.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// The migrations that `state` covers and that may not have run, although the catalog equals the
// state, in order:
// - those that can change contents (sql::TracesOf) after a point of the history with the same
//   catalog: mostly the last ones, which change only rows. Where the texts of the scripts do
//   not show that there is no such point, a replay does (ComparedState::shown);
// - if `foreign`, the rows that belong to an unknown release, has hotfixes: each migration that can
//   change contents, because a hotfix may have created what the catalog shows of it.
// Migrations that have a row in the migrations table are not among them. Needs the scripts of the
// migrations: of FollowHistory, or ApplyRelease::history (Need::kHistory).
std::variant<std::vector<std::string>, Need> UnseenRowChanges(
    const Intent& intent, const ComparedState& state, const Observation& observation,
    const std::vector<std::string>& foreign);

// The migrations that `state` covers and that change what belongs to the server (roles, their
// memberships and settings …), in order: an adoption takes for granted that they have run, because
// the catalog does not show it. Needs the scripts, as UnseenRowChanges.
std::vector<std::string> UncomparedServerChanges(const Intent& intent, const ComparedState& state);

// B506: names `unseen`, and how to say whether they have run.
Refusal RefuseUnseenRowChanges(const Intent& intent, const ComparedState& state,
                               std::vector<std::string> unseen);

}  // namespace ballast::plan
