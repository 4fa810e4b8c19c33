// SPDX-License-Identifier: Apache-2.0
#include "assess/applied_objects.h"

#include <algorithm>
#include <utility>

#include "assess/state_between.h"
#include "base/text.h"
#include "plan/failed_migrations.h"
#include "sql/script_needs.h"

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

sql::Effect MadeObjects::WithoutTarget(sql::Effect effect) const {
  if (effect.schema == target_schema_) effect.schema.clear();
  return effect;
}

void MadeObjects::Add(const release::Migration& migration) {
  auto effects = sql::EffectsOf(migration.script.TextOrEmpty());
  if (!effects) return;
  for (sql::Effect& read : effects->objects) {
    sql::Effect effect = WithoutTarget(std::move(read));
    std::erase_if(objects_,
                  [&](const MadeObject& known) { return sql::IsSameObject(known.effect, effect); });
    objects_.push_back({std::move(effect), migration.name});
  }
}

const MadeObject* MadeObjects::Find(const sql::Effect& effect) const {
  const sql::Effect sought = WithoutTarget(effect);
  const auto found = std::ranges::find_if(
      objects_, [&](const MadeObject& known) { return sql::IsSameObject(known.effect, sought); });
  return found == objects_.end() ? nullptr : &*found;
}

std::string MadeObjects::MigrationThatMade(const sql::Effect& effect) const {
  const MadeObject* made = Find(effect);
  return made == nullptr || !made->effect.exists ? std::string() : made->migration;
}

MadeObjects AppliedObjects(const plan::Intent& intent, const plan::Observation& observation) {
  MadeObjects objects(observation.schema);
  for (const plan::MigrationRow& row : observation.rows) {
    if (!row.finished || row.rolled_back) continue;
    const release::Migration* migration = ScriptOf(intent, row);
    if (migration != nullptr) objects.Add(*migration);
  }
  return objects;
}

bool MayHaveMade(const plan::Intent& intent, const plan::Observation& observation,
                 const std::string& name) {
  return std::ranges::any_of(observation.rows, [&](const plan::MigrationRow& row) {
    const release::Migration* migration = ScriptOf(intent, row);
    if (migration == nullptr || !migration->script) return true;
    const std::string& script = migration->script.TextOrEmpty();
    return MakesStatements(script) || sql::ContainsWord(ToLowerAscii(script), name);
  });
}

}  // namespace ballast::assess
