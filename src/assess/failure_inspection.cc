// SPDX-License-Identifier: Apache-2.0
#include "assess/failure_inspection.h"

#include <fmt/format.h>

#include <algorithm>

#include "assess/applied_objects.h"
#include "assess/known_state_comparison.h"
#include "base/text.h"
#include "plan/failed_migrations.h"
#include "plan/resume.h"
#include "postgres/object_existence.h"
#include "sql/effects.h"

namespace ballast::assess {
namespace {

using plan::EffectsPresent;
using plan::FailureEvidence;

FailureEvidence Unknown(const std::string& name, std::string reason) {
  return {.name = name, .reason = std::move(reason)};
}

// Removes the objects that are no evidence: what applied migrations have left as this script leaves
// it, and what the script need not change, or changes more than once. Returns their descriptions.
std::vector<std::string> RemoveUncertain(const MadeObjects& earlier, sql::Effects& effects) {
  std::vector<std::string> removed;
  std::erase_if(effects.objects, [&](const sql::Effect& effect) {
    const MadeObject* known = earlier.Find(effect);
    const bool same = known != nullptr && known->effect.exists == effect.exists;
    if (same) {
      removed.push_back(fmt::format("{}, which {} {}", sql::Describe(effect), known->migration,
                                    effect.exists ? "has created" : "has dropped"));
    } else if (!effect.certain) {
      removed.push_back(sql::Describe(effect));
    }
    return same || !effect.certain;
  });
  return removed;
}

// Statements run in order, each on its own with some versions of Prisma: if the first one has not
// run, none has.
bool ShowsTheFirst(const sql::Effects& effects) {
  return std::any_of(effects.objects.begin(), effects.objects.end(),
                     [](const sql::Effect& effect) { return effect.statement == 0; });
}

bool ShowsADrop(const sql::Effects& effects, const std::vector<bool>& exist) {
  for (size_t i = 0; i < effects.objects.size(); ++i) {
    if (!effects.objects[i].exists && !exist[i]) return true;
  }
  return false;
}

// Divides the objects into those that are as the script leaves them and the others. `complete`:
// they are all that the script changes.
FailureEvidence Weigh(const std::string& name, const sql::Effects& effects,
                      const std::vector<bool>& exist, bool complete) {
  FailureEvidence evidence = Unknown(name, {});
  for (size_t i = 0; i < effects.objects.size(); ++i) {
    const sql::Effect& effect = effects.objects[i];
    const std::string text = sql::Describe(effect) + (effect.exists ? "" : " dropped");
    (exist[i] == effect.exists ? evidence.present : evidence.absent).push_back(text);
  }
  const size_t all = effects.objects.size();
  const std::string others =
      effects.others == 0
          ? std::string()
          : fmt::format("; {} {} nothing to look for", Counted(effects.others, "other statement"),
                        effects.others == 1 ? "leaves" : "leave");
  if (evidence.absent.empty() && complete) {
    evidence.effects = EffectsPresent::kAll;
    evidence.reason =
        all == 1
            ? "judging by names, the object is as its script leaves it"
            : fmt::format("judging by names, all {} objects are as its script leaves them", all);
  } else if (evidence.present.empty()) {
    if (ShowsTheFirst(effects)) evidence.effects = EffectsPresent::kNone;
    evidence.reason = fmt::format(
        "{} as its script leaves {}{}",
        all == 1 ? std::string("the object is not") : fmt::format("none of the {} objects is", all),
        all == 1 ? "it" : "them", others);
  } else {
    evidence.effects = EffectsPresent::kPart;
    evidence.reason = fmt::format("{} of {} objects are as its script leaves them{}",
                                  evidence.present.size(), all, others);
  }
  return evidence;
}

Result<FailureEvidence> ByObjects(const release::Migration* migration, const plan::Intent& intent,
                                  const plan::MigrationRow& row,
                                  const plan::Observation& observation,
                                  postgres::Session& session) {
  if (migration == nullptr) {
    return Unknown(row.name, "the project does not have the script that was run");
  }
  if (!observation.other_current_schema.empty()) {
    return Unknown(row.name,
                   "the search_path begins with another schema than that of the migrations "
                   "table, so its objects can be in either");
  }
  auto effects = sql::EffectsOf(*migration->script);
  if (!effects) return Unknown(row.name, "its script cannot be parsed, so nothing was checked");
  if (effects->objects.empty()) {
    return Unknown(row.name, "its script names no object that could be checked");
  }
  const std::vector<std::string> uncertain =
      RemoveUncertain(AppliedObjects(intent, observation), *effects);
  if (effects->objects.empty()) {
    return Unknown(row.name, "its script names no object that could be checked except " +
                                 Join(uncertain, "; "));
  }
  TRY_ASSIGN(const std::vector<bool> exist,
             postgres::ObjectsExist(session, observation.schema, effects->objects));
  FailureEvidence evidence =
      Weigh(row.name, *effects, exist, uncertain.empty() && effects->others == 0);
  if (!uncertain.empty()) evidence.reason += "; not checked: " + Join(uncertain, "; ");
  if (ShowsADrop(*effects, exist) && plan::FailedWithUndefinedObject(row.logs)) {
    evidence.effects = EffectsPresent::kUnknown;
    evidence.reason += ", but it failed because an object did not exist";
  }
  if (!evidence.present.empty() && plan::FailedWithDuplicateObject(row.logs)) {
    evidence.effects = EffectsPresent::kUnknown;
    evidence.reason += ", but it failed because an object of the same name existed";
  }
  return evidence;
}

}  // namespace

Status InspectFailures(const plan::Intent& intent, project::Artifacts& artifacts,
                       postgres::Session& session, plan::Observation& observation) {
  const std::vector<plan::MigrationRow> failed = plan::FailedRows(observation);
  if (failed.empty() || plan::Resume(intent, observation)) return {};
  TRY(CompareWithAll(intent, artifacts, session, {}, observation));
  for (const plan::MigrationRow& row : failed) {
    const release::Migration* migration = plan::ScriptOfRow(intent, row);
    if (migration != nullptr && plan::FailedAsAWhole(row, *migration)) {
      observation.failures.push_back(
          {row.name, EffectsPresent::kNone, "its only statement failed", {}, {}});
      continue;
    }
    auto evidence = plan::EvidenceByState(observation, row.name, migration);
    if (!evidence) {
      TRY_ASSIGN(evidence, ByObjects(migration, intent, row, observation, session));
      const std::string build = plan::DescribeUnnamedBuild(intent, row);
      if (!build.empty()) evidence->reason += "; " + build;
    }
    observation.failures.push_back(*std::move(evidence));
  }
  observation.compared.clear();
  return {};
}

std::vector<FailureLine> FailureLines(const plan::Observation& observation) {
  std::vector<FailureLine> lines;
  for (const plan::MigrationRow& row : plan::FailedRows(observation)) {
    FailureLine line{row.name, row.started_at, plan::ErrorIn(row.logs), {}};
    for (const FailureEvidence& evidence : observation.failures) {
      if (evidence.name == row.name) line.evidence = evidence;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace ballast::assess
