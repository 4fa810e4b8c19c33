// SPDX-License-Identifier: Apache-2.0
#include "assess/fixed_schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "sql/named_schemas.h"

namespace ballast::assess {
namespace {

constexpr char kPublic[] = "public";

bool UsesBaseline(const plan::Intent& intent, const plan::Decision& decision) {
  if (decision.plan() == nullptr || decision.plan()->empty()) return false;
  const auto* history = std::get_if<plan::FollowHistory>(&intent);
  return history == nullptr || (history->baseline && decision.found == plan::Found::kFresh);
}

plan::Refusal FixedSchema(const std::string& migration, const std::string& schema) {
  return {ErrorCode::kUnsupportedObject,
          fmt::format("migration {} names the schema public, so the baseline, which creates "
                      "everything in schema {}, does not reproduce the migrated database",
                      migration, schema),
          {},
          {"deploy to the schema public, or remove the name from the migrations",
           "or run the migrations as they are: ballast deploy --strategy history"},
          {migration, 0}};
}

}  // namespace

Result<std::optional<plan::Refusal>> RefuseFixedSchema(const plan::Intent& intent,
                                                       const project::Artifacts& artifacts,
                                                       const plan::Observation& observation,
                                                       const plan::Decision& decision) {
  std::optional<plan::Refusal> refusal;
  if (observation.schema == kPublic || !UsesBaseline(intent, decision)) return refusal;
  std::vector<release::Migration> migrations;
  if (const auto* history = std::get_if<plan::FollowHistory>(&intent)) {
    migrations = history->migrations;
  } else {
    TRY_ASSIGN(migrations, project::CoveredMigrations(artifacts));
    const auto& hotfixes = std::get<plan::ApplyRelease>(intent).hotfixes;
    migrations.insert(migrations.end(), hotfixes.begin(), hotfixes.end());
  }
  for (const release::Migration& migration : migrations) {
    if (!migration.script || !sql::NamesSchema(*migration.script, kPublic)) continue;
    refusal = FixedSchema(migration.name, observation.schema);
    break;
  }
  return refusal;
}

}  // namespace ballast::assess
