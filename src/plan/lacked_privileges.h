// SPDX-License-Identifier: Apache-2.0
// Privileges that the role of the session lacks, for one or several purposes of a plan.
#pragma once

#include <string>
#include <vector>

#include "plan/observation.h"
#include "plan/plan.h"

namespace ballast::plan {

// What the role lacks for one purpose.
struct LackedPrivileges {
  Refusal refusal;                      // B602, if the role lacks nothing else
  std::vector<std::string> statements;  // for an admin, each ended by ";"
  std::string what = {};  // "may not …", of the role; empty if the refusal is of another kind
  std::vector<std::string> others = {};  // remedies that no statement is
};

// Adds the statement if it is not one of them yet.
void AddOnce(const std::string& statement, std::vector<std::string>* statements);

// B602: "role app may not …", with the statements, if there are any, as its only remedy.
LackedPrivileges Lacks(const ServerState& server, const std::string& what,
                       std::vector<std::string> statements);

// B602 for everything that the role lacks, with all statements in one remedy. `lacked` is not
// empty.
Refusal RefuseForAll(const std::vector<LackedPrivileges>& lacked, const ServerState& server);

}  // namespace ballast::plan
