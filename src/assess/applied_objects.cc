// SPDX-License-Identifier: Apache-2.0
#include "assess/applied_objects.h"

#include <algorithm>

#include "plan/failed_migrations.h"

namespace ballast::assess {
namespace {

const release::Migration* ScriptOf(const plan::Intent& intent, const plan::MigrationRow& row) {
  const auto* release = std::get_if<plan::ApplyRelease>(&intent);
  if (release != nullptr && row.name == release->baseline.name) {
    return row.checksum == release->baseline.checksum ? &release->baseline : nullptr;
  }
  return plan::ScriptOfRow(intent, row);
}

}  // namespace

std::vector<AppliedObject> AppliedObjects(const plan::Intent& intent,
                                          const plan::Observation& observation) {
  std::vector<AppliedObject> objects;
  for (const plan::MigrationRow& row : observation.rows) {
    if (!row.finished || row.rolled_back) continue;
    const release::Migration* migration = ScriptOf(intent, row);
    if (migration == nullptr) continue;
    const auto effects = sql::EffectsOf(migration->script.TextOrEmpty());
    if (!effects) continue;
    for (const sql::Effect& effect : effects->objects) {
      std::erase_if(objects, [&](const AppliedObject& known) {
        return sql::IsSameObject(known.effect, effect);
      });
      objects.push_back({effect, row.name});
    }
  }
  return objects;
}

std::string MigrationThatMade(const std::vector<AppliedObject>& objects,
                              const sql::Effect& effect) {
  const auto made = std::ranges::find_if(objects, [&](const AppliedObject& known) {
    return known.effect.exists && sql::IsSameObject(known.effect, effect);
  });
  return made == objects.end() ? std::string() : made->migration;
}

}  // namespace ballast::assess
