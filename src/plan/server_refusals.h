// SPDX-License-Identifier: Apache-2.0
// Detects limits of the server and of the role before anything is changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/intent.h"
#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// B604: the server is a replica, or sessions of this role are read-only.
std::optional<Refusal> RefuseReadOnly(const ServerState& server);

// B611: the session's search_path has no schema for the objects of the scripts.
std::optional<Refusal> RefuseSearchPath(const ServerState& server);

// B602 if the role may not create the schema in which a rollback keeps data, and it does not exist.
std::optional<Refusal> RefuseKeptData(const Observation& observation);

// A sentence if the role may not create the schema of the journal, and it does not exist.
std::optional<std::string> NoticeOfJournal(const Observation& observation);

// B602 for each privilege that the role lacks for this plan, with the GRANTs. With an empty plan:
// for what every deploy needs.
std::vector<Refusal> PrivilegeRefusals(const Plan& plan, const Observation& observation);

// The reason why this role cannot execute the plan on this server: B604 for a read-only server,
// B611 for its search_path, the first of PrivilegeRefusals, B605 for a server that
// is too old. Empty for an empty plan. If the policy only observes, only B605 is possible.
std::optional<Refusal> CheckServer(const Plan& plan, const Observation& observation,
                                   const Policy& policy);

}  // namespace ballast::plan
