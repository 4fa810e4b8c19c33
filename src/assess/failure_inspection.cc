// SPDX-License-Identifier: Apache-2.0
#include "assess/failure_inspection.h"

#include <fmt/format.h>

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
  return {name, EffectsPresent::kUnknown, std::move(reason), {}, {}};
}

// Divides the objects into those that are as the script leaves them and the others.
FailureEvidence Weigh(const std::string& name, const sql::Effects& effects,
                      const std::vector<bool>& exist) {
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
  if (evidence.absent.empty() && effects.others == 0) {
    evidence.effects = EffectsPresent::kAll;
    evidence.reason =
        all == 1 ? "by name, the object is as its script leaves it"
                 : fmt::format("by name, all {} objects are as its script leaves them", all);
  } else if (evidence.present.empty()) {
    evidence.effects = EffectsPresent::kNone;
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

Result<FailureEvidence> ByObjects(const plan::Intent& intent, const plan::MigrationRow& row,
                                  const std::string& schema, postgres::Session& session) {
  const release::Migration* migration = plan::ScriptOfRow(intent, row);
  if (migration == nullptr) {
    return Unknown(row.name, "the project does not have the script that was run");
  }
  const auto effects = sql::EffectsOf(*migration->script);
  if (!effects) return Unknown(row.name, "its script cannot be parsed, so nothing was checked");
  if (effects->objects.empty()) {
    return Unknown(row.name, "its script names no object that could be checked");
  }
  TRY_ASSIGN(const std::vector<bool> exist,
             postgres::ObjectsExist(session, schema, effects->objects));
  FailureEvidence evidence = Weigh(row.name, *effects, exist);
  if (evidence.effects == EffectsPresent::kAll && plan::FailedWithDuplicateObject(row.logs)) {
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
    auto by_state = plan::EvidenceByState(observation, row.name);
    if (!by_state) {
      TRY_ASSIGN(by_state, ByObjects(intent, row, observation.schema, session));
    }
    observation.failures.push_back(*std::move(by_state));
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
