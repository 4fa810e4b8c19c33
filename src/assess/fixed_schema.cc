// SPDX-License-Identifier: Apache-2.0
#include "assess/fixed_schema.h"

#include <variant>
#include <vector>

#include "sql/named_schemas.h"

namespace ballast::assess {

Result<std::string> MigrationNamingPublic(const plan::Intent& intent,
                                          const project::Artifacts& artifacts) {
  std::vector<release::Migration> migrations;
  if (const auto* history = std::get_if<plan::FollowHistory>(&intent)) {
    migrations = history->migrations;
  } else {
    TRY_ASSIGN(migrations, project::CoveredMigrations(artifacts));
    const auto& hotfixes = std::get<plan::ApplyRelease>(intent).hotfixes;
    migrations.insert(migrations.end(), hotfixes.begin(), hotfixes.end());
  }
  for (const release::Migration& migration : migrations) {
    if (migration.script && sql::NamesSchema(*migration.script, "public")) return migration.name;
  }
  return std::string();
}

}  // namespace ballast::assess
