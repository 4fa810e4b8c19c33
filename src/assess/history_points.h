// SPDX-License-Identifier: Apache-2.0
// The states that a database has after each migration of the history: computed once by a replay in
// a scratch database, then kept in the cache folder.
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

// From the cache, or by a replay: for 820 migrations some ten seconds. Errors: those of
// ScratchServer::Start and apply::Replay.
Result<catalog::StateHistory> HistoryStates(const HistoryQuestion& question, Progress& progress);

// A point of the history that a database may be at.
struct HistoryPoint {
  size_t migrations = 0;  // so many are applied
  catalog::KnownState state;
};

// The points that are nearest to the live database, nearest first, at most `count`: first those
// that it has all of. One look at the database, looking from `target_schema`.
Result<std::vector<HistoryPoint>> NearestPoints(const catalog::StateHistory& history,
                                                postgres::Session& session,
                                                const std::string& target_schema,
                                                const catalog::ComparisonRules& rules,
                                                size_t count);

// Fills in `artifacts.points` and compares the database with them, too, where nothing that the
// project knows without a replay is equal. A replay that cannot be made is a notice: the other
// states remain.
Status CompareWithPoints(const project::ProjectContext& context, const plan::Intent& intent,
                         project::Artifacts& artifacts, postgres::Session& session,
                         plan::Observation& observation, Progress& progress);

}  // namespace ballast::assess
