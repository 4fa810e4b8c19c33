// SPDX-License-Identifier: Apache-2.0
#include "assess/duplicate_object.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <variant>

#include "assess/applied_objects.h"
#include "plan/failed_migrations.h"

namespace ballast::assess {
namespace {

struct Duplicate {
  std::string object;
  std::string made_by;
};

// The first object that the script can only create if no earlier migration has.
std::optional<Duplicate> DuplicateIn(const release::Migration& script, const MadeObjects& made) {
  const auto effects = sql::EffectsOf(script.script.TextOrEmpty());
  if (!effects) return std::nullopt;
  for (const sql::Effect& effect : effects->objects) {
    if (!effect.exists || !effect.certain) continue;
    const MadeObject* known = made.Find(effect);
    const bool exists = known != nullptr && known->effect.exists;
    if (exists) return Duplicate{sql::Describe(known->effect), known->migration};
  }
  return std::nullopt;
}

}  // namespace

void NameCreatorOfDuplicate(const plan::Intent& intent, const plan::Observation& observation,
                            const plan::Plan& plan, Error& error) {
  if (!plan::IsDuplicateObject(error.Detail("sqlstate"))) return;
  MadeObjects made = AppliedObjects(intent, observation);
  for (const plan::Step* step : plan::StepsOf(plan)) {
    const auto* run = std::get_if<plan::RunScript>(&step->act);
    if (run == nullptr) continue;
    if (run->migration.name != error.Detail("migration")) {
      made.Add(run->migration);
      continue;
    }
    const auto duplicate = DuplicateIn(run->migration, made);
    if (!duplicate) return;
    error.hint =
        fmt::format("correct {}: it creates {}, which {} has already created; then deploy again",
                    run->migration.name, duplicate->object, duplicate->made_by);
    return;
  }
}

}  // namespace ballast::assess
