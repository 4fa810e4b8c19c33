// SPDX-License-Identifier: Apache-2.0
#include "plan/lacked_privileges.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace ballast::plan {
namespace {

std::string RoleOf(const ServerState& server) {
  return "role " + server.role + " ";
}

std::string RemedyOf(const std::vector<std::string>& statements, const ServerState& server) {
  return fmt::format("have an admin run in database {}: {}", server.database,
                     Join(statements, " "));
}

}  // namespace

void AddOnce(const std::string& statement, std::vector<std::string>* statements) {
  const bool known = std::ranges::find(*statements, statement) != statements->end();
  if (!known) statements->push_back(statement);
}

LackedPrivileges Lacks(const ServerState& server, const std::string& what,
                       std::vector<std::string> statements) {
  Refusal refusal{ErrorCode::kPrivilege, RoleOf(server) + what, {}, {}};
  if (!statements.empty()) refusal.remedies = {RemedyOf(statements, server)};
  return {std::move(refusal), std::move(statements), what, {}};
}

Refusal RefuseForAll(const std::vector<LackedPrivileges>& lacked, const ServerState& server) {
  if (lacked.size() == 1) return lacked.front().refusal;
  Refusal all{ErrorCode::kPrivilege, RoleOf(server) + "lacks several privileges", {}, {}};
  std::vector<std::string> statements, others;
  for (const auto& [refusal, needed, what, elsewhere] : lacked) {
    all.evidence.push_back(what.empty() ? refusal.message : "it " + what);
    for (const std::string& line : refusal.evidence) all.evidence.push_back("  " + line);
    for (const std::string& statement : needed) AddOnce(statement, &statements);
    for (const std::string& other : elsewhere) AddOnce(other, &others);
  }
  if (!statements.empty()) all.remedies = {RemedyOf(statements, server)};
  for (std::string& other : others) all.remedies.push_back(std::move(other));
  return all;
}

}  // namespace ballast::plan
