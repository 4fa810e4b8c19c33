// SPDX-License-Identifier: Apache-2.0
#include "assess/fixed_schema.h"

#include <variant>
#include <vector>

#include "sql/named_schemas.h"

namespace ballast::assess {
namespace {

std::optional<std::string> RecordedSchema(const plan::Intent& intent,
                                          const project::Artifacts& artifacts) {
  if (std::holds_alternative<plan::ApplyRelease>(intent)) {
    return artifacts.package->manifest.database_schema;
  }
  return artifacts.baseline ? artifacts.baseline->database_schema : std::nullopt;
}

Result<std::vector<release::Migration>> MigrationsOf(const plan::Intent& intent,
                                                     const project::Artifacts& artifacts) {
  if (const auto* history = std::get_if<plan::FollowHistory>(&intent)) return history->migrations;
  TRY_ASSIGN(std::vector<release::Migration> migrations, project::CoveredMigrations(artifacts));
  const auto& hotfixes = std::get<plan::ApplyRelease>(intent).hotfixes;
  migrations.insert(migrations.end(), hotfixes.begin(), hotfixes.end());
  return migrations;
}

}  // namespace

Result<std::optional<plan::FixedSchema>> OtherSchemaThan(const std::string& target_schema,
                                                         const plan::Intent& intent,
                                                         const project::Artifacts& artifacts) {
  const std::optional<std::string> recorded = RecordedSchema(intent, artifacts);
  const std::string named = recorded.value_or("public");
  if (named == target_schema) return std::nullopt;
  TRY_ASSIGN(const std::vector<release::Migration> migrations, MigrationsOf(intent, artifacts));
  for (const release::Migration& migration : migrations) {
    if (migration.script && sql::NamesSchema(*migration.script, named)) {
      return plan::FixedSchema{named, migration.name};
    }
  }
  if (recorded) return plan::FixedSchema{named, {}};
  return std::nullopt;
}

}  // namespace ballast::assess
