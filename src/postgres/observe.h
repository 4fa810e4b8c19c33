// SPDX-License-Identifier: Apache-2.0
// Observes a target in one message: settings, the deployment lock, and then, under the lock, the
// migrations table, the objects in the target schemas, the journal and the state of the server.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "plan/observation.h"
#include "postgres/session.h"

namespace ballast::postgres {

struct ObserveOptions {
  bool lock = true;  // false for status
  // Later statements rely on the settings, as they always do under the lock.
  bool keeps_session = false;
  std::chrono::milliseconds lock_wait{10000};
  std::chrono::milliseconds lock_timeout{0};       // of the session's statements; 0: not set
  std::chrono::milliseconds statement_timeout{0};  // the same
  // For commands that work behind a pooler, which gives the session to others afterwards.
  bool timeouts_end_with_observation = false;
  std::vector<std::string> schemas;  // further target schemas, by raw name
  // The datasource's schemas among them. A table in one of these makes a database not fresh.
  std::vector<std::string> datasource_schemas;
  // Objects of the platform: "schema auth", "auth.users", unqualified in the target schema. Such
  // tables do not make a database not fresh.
  std::vector<std::string> provided;
};

// Sends the first message of Observe with the same options, except `schemas`, and does not wait.
// Observe then finds the answer there. With `lock`, the server can take the lock from now on.
void ObserveAhead(Session& session, const ObserveOptions& options);

// With a lock, or if the session is kept: B603 behind a pooler in transaction mode, before any lock
// or setting. Otherwise the settings end with the observation there. P1002 if another
// session holds the lock for longer than lock_wait; names that session. B501 if the migrations
// table cannot be read, is not Prisma's, or is in public while the search_path has another schema;
// such a database never counts as fresh.
Result<plan::Observation> Observe(Session& session, const ObserveOptions& options,
                                  Progress& progress);

// Only the rows of the migrations table, and schema, database and role: faster, without lock and
// settings. Empty if there is no such table, or if it cannot be read.
Result<std::optional<plan::Observation>> ObserveRows(Session& session);

// The state of the index of that name.
Result<plan::IndexState> InspectIndex(Session& session, const plan::IndexName& index);

}  // namespace ballast::postgres
