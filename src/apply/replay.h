// SPDX-License-Identifier: Apache-2.0
// Runs a migration history in an empty scratch database as Prisma does in a fresh one: in one
// session; each file as one simple query before Prisma 7.4, statement by statement since.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apply/role_watch.h"
#include "base/progress.h"
#include "base/result.h"
#include "postgres/session.h"
#include "release/migration.h"
#include "release/replay_mode.h"

namespace ballast::apply {

using release::ReplayMode;

struct ReplayOptions {
  ReplayMode mode = ReplayMode::kAuto;
  // Runs first and creates what the platform provides, which is then ignored
  // (introspect/platform_objects.h).
  std::string setup = {};   // with the names of its files (release/platform_script.h)
  std::string folder = {};  // of the migrations, for places in errors: "prisma/migrations"
  // The schema in which the migrations run; empty: the one that they name (named_schema.h), or
  // `public`.
  std::string schema = {};
  // Before each migration random() is seeded with this text and the migration's name, so that
  // replays with the same text produce the same values; empty: not seeded.
  std::string random_seed = {};
  // On a server that others use, too: another session there, to which the transactions that make
  // roles are compared (role_watch.h). Null: the report names no roles.
  postgres::Session* observer = nullptr;
  // Called after each migration.
  std::function<Status(const release::Migration&)> after = {};
};

// Session state that a migration leaves for the next one. It persists with Prisma, and so it does
// here.
struct SessionLeak {
  std::string migration;
  std::vector<std::string> what;  // "search_path = ''", "temporary table x", "role app"

  bool operator==(const SessionLeak&) const = default;
};

struct ReplayReport {
  int migrations = 0;
  std::vector<SessionLeak> leaks;
  std::vector<std::string> notices;  // a sentence for each leak and each split script
  std::vector<std::string> split;    // migrations that ran statement by statement
  // The objects of the setup script, as globs; the roles it created, which belong to the server.
  std::vector<std::string> platform;
  std::vector<std::string> platform_roles;
  // With an observer: the roles that the migrations made and left; and those that they may have
  // made.
  std::vector<std::string> roles;
  std::vector<UnclearRole> unclear_roles;
};

// Runs the setup script and the migrations in order; about one round trip for each. It stops at the
// first failure, with errors as ExplainFailure (replay_failure.h); P3015 for a migration
// without script; B301 for one that leaves its transaction open; P1017 if the connection breaks.
// The session keeps the state that the migrations leave: use a new one to read the result.
// Migrations that run in another schema than `public` find it empty; afterwards it is renamed to
// `public`.
Result<ReplayReport> Replay(postgres::Session& session,
                            const std::vector<release::Migration>& migrations,
                            const ReplayOptions& options, Progress& progress);

// The changes to the session's state, one line each: settings, temporary tables, locks … Settings
// with custom names and the seed of random() cannot be queried.
Result<std::vector<std::string>> SessionState(postgres::Session& session);

}  // namespace ballast::apply
