// SPDX-License-Identifier: Apache-2.0
// The states of a database after each migration, computed once by a replay in a scratch database
// and then cached.
#pragma once

#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "catalog/known_states.h"
#include "catalog/managed_comparison.h"
#include "catalog/state_history.h"
#include "plan/intent.h"
#include "plan/observation.h"
#include "postgres/session.h"
#include "project/project_context.h"
#include "release/migration.h"
#include "scratch/scratch_server.h"

namespace ballast::assess {

struct HistoryQuestion {
  const std::vector<release::Migration>& migrations;  // in Prisma's order
  std::string setup_script;
  scratch::ScratchOptions scratch;
};

// From the cache, or by a replay, which takes about ten seconds for 820 migrations. Errors as
// ScratchServer::Start and apply::Replay.
Result<catalog::StateHistory> HistoryStates(const HistoryQuestion& question, Progress& progress);

// A point of the history at which a database may be.
struct HistoryPoint {
  size_t migrations = 0;  // number of applied migrations
  size_t shown = 0;  // of these, how many its catalog shows: an earlier point can have the same
  catalog::KnownState state;
};

// The points nearest to the live database, at most `count`: first those of which it has everything,
// then by distance. Reads the catalog once, with search_path `target_schema`.
Result<std::vector<HistoryPoint>> NearestPoints(const catalog::StateHistory& history,
                                                postgres::Session& session,
                                                const std::string& target_schema,
                                                const catalog::ComparisonRules& rules,
                                                const catalog::DatedPartitions& dated,
                                                size_t count);

// Fulfils plan::Need::kHistoryPoints: adds to `artifacts.points` and also compares the database
// with them. If the replay fails, gives a notice, and compares with no point.
Status CompareWithPoints(const project::ProjectContext& context, const plan::Intent& intent,
                         project::Artifacts& artifacts, postgres::Session& session,
                         plan::Observation& observation, Progress& progress);

}  // namespace ballast::assess
