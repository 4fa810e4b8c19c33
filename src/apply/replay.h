// SPDX-License-Identifier: Apache-2.0
// Running a history from empty in a scratch database, as Prisma would run it on a fresh one
// (prisma-facts: one session for all; the whole file as one simple query before Prisma 7.4,
// statement by statement since).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "postgres/session.h"
#include "release/migration.h"
#include "release/replay_mode.h"

namespace ballast::apply {

using release::ReplayMode;

struct ReplayOptions {
  ReplayMode mode = ReplayMode::kAuto;
  // Run first: what the platform provides. It counts as no part of the database afterwards
  // (introspect/platform_objects.h).
  std::string setup = {};
  std::string setup_file = {};  // its name, for errors
  std::string folder = {};      // of the migrations, for the places in errors: "prisma/migrations"
  // Before each migration random() is seeded from this text and the migration, so that a replay
  // with the same text makes the same values; empty: it is not seeded.
  std::string random_seed = {};
  // Called after each migration.
  std::function<Status(const release::Migration&)> after = {};
};

// What a migration leaves behind in the session that the next one runs in. Prisma keeps it, and so
// does the replay.
struct SessionLeak {
  std::string migration;
  std::vector<std::string> what;  // "search_path = ''", "temporary table x", "role app"

  bool operator==(const SessionLeak&) const = default;
};

struct ReplayReport {
  int migrations = 0;
  std::vector<SessionLeak> leaks;
  std::vector<std::string> notices;  // a sentence for each leak and each script that was split
  std::vector<std::string> split;    // migrations that ran statement by statement
  // What the setup script made, as globs over names; those roles, which belong to the server.
  std::vector<std::string> platform;
  std::vector<std::string> platform_roles;
};

// Runs setup and migrations in the order given; about one round trip for each. The first that fails
// ends the replay: B300 with migration, SQLSTATE, the server's words and file:line; P3015 for a
// migration without script; B301 for one that leaves its transaction open; P1017 when the
// connection breaks. The session is left as the history leaves it: read the result through a new
// one. Migrations that name the schema in which they run (named_schema.h) run in it; afterwards it
// is `public`.
Result<ReplayReport> Replay(postgres::Session& session,
                            const std::vector<release::Migration>& migrations,
                            const ReplayOptions& options, Progress& progress);

// What the session holds beyond what it began with, a line for each: settings, temporary tables,
// locks … Not all of it can be asked for: settings of made-up names and the seed of random()
// cannot.
Result<std::vector<std::string>> SessionState(postgres::Session& session);

}  // namespace ballast::apply
