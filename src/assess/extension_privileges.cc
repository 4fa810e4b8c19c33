// SPDX-License-Identifier: Apache-2.0
#include "assess/extension_privileges.h"

#include <set>

#include "postgres/extensions.h"
#include "sql/quote.h"

namespace ballast::assess {
namespace {

// CREATE EXTENSION without the schema, which an earlier statement of the plan may make, and with
// what it needs; other statements unchanged.
std::string AttemptOf(const plan::ForbiddenUse& forbidden) {
  const sql::ExtensionStatement& statement = forbidden.use.statement;
  if (statement.act != sql::ExtensionAct::kCreate) return std::string(statement.text);
  std::string create =
      "CREATE EXTENSION IF NOT EXISTS " + sql::QuoteIdentifier(forbidden.extension);
  const bool named = forbidden.extension == statement.name && !statement.version.empty();
  if (named) create += " VERSION " + sql::QuoteLiteral(statement.version);
  return create + " CASCADE";
}

}  // namespace

Result<std::vector<plan::ForbiddenUse>> FindForbiddenExtensions(
    const plan::Plan& plan, const plan::Observation& observation, postgres::Session& session) {
  std::vector<plan::ForbiddenUse> forbidden;
  if (observation.server.superuser) return forbidden;
  const std::vector<plan::ExtensionUse> uses = plan::ExtensionUsesOf(plan);
  if (uses.empty()) return forbidden;
  std::set<std::string> names;
  for (const plan::ExtensionUse& use : uses) names.insert(use.statement.name);
  TRY_ASSIGN(const auto extensions,
             postgres::ReadExtensions(session, {names.begin(), names.end()}));
  forbidden = plan::ForbiddenUses(uses, extensions, observation.server);
  std::erase_if(forbidden, [&](const plan::ForbiddenUse& use) {
    return !postgres::IsNotAllowed(session, AttemptOf(use));
  });
  return forbidden;
}

}  // namespace ballast::assess
