// SPDX-License-Identifier: Apache-2.0
// Detects limits of the server and of the role before anything is changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/intent.h"
#include "plan/lacked_privileges.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// B604: the server is a replica, or sessions of this role are read-only.
std::optional<Refusal> RefuseReadOnly(const ServerState& server);

// B611: the session's search_path has no schema for the objects of the scripts.
std::optional<Refusal> RefuseSearchPath(const ServerState& server);

// B611: the session's search_path begins with another schema than that of the migrations table, so
// statements without schemas would concern other objects. For commands that write such statements.
std::optional<Refusal> RefuseOtherCurrentSchema(const Observation& observation);

// If the role may not create the schema in which a rollback keeps data, and it does not exist.
std::optional<LackedPrivileges> CannotKeepData(const Observation& observation);

// A sentence if the role may not write the journal's runs, or may not create the journal, and it
// does not exist.
std::optional<std::string> NoticeOfJournal(const Observation& observation);
// What lets it: a statement for an admin.
std::string GrantForJournal(const Observation& observation);

// If the role may not write the rows of the migrations table or the journal, so that the plan
// could run, but not be recorded.
std::optional<LackedPrivileges> CannotRecord(const Plan& plan, const ServerState& server);

// What the role lacks for this plan: to create objects, and to record it. With an empty plan: for
// what every deploy needs.
std::vector<LackedPrivileges> PrivilegesLackedFor(const Plan& plan, const Observation& observation);

// The reason why this server cannot execute the plan: B604 for a read-only server, B611 for its
// search_path, B605 for a server that is too old. Empty for an empty plan. If the policy only
// observes, only B605 is possible.
std::optional<Refusal> CheckServer(const Plan& plan, const Observation& observation,
                                   const Policy& policy);

}  // namespace ballast::plan
