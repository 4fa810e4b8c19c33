// SPDX-License-Identifier: Apache-2.0
#include "assess/script_objects.h"

#include <string>

#include "assess/applied_objects.h"
#include "plan/other_project.h"
#include "postgres/object_existence.h"
#include "sql/effects.h"

namespace ballast::assess {
namespace {

// Indexes go with their tables, and schemas and extensions can be those of any project.
bool IsTelling(const sql::Effect& effect) {
  switch (effect.kind) {
    case sql::ObjectKind::kRelation:
      return effect.word != "index";
    case sql::ObjectKind::kType:
    case sql::ObjectKind::kFunction:
      return true;
    default:
      return false;
  }
}

// What exists after all of the scripts, in this order.
std::vector<sql::Effect> CreatedBy(const std::vector<release::Migration>& migrations,
                                   const std::string& target_schema) {
  MadeObjects objects(target_schema);
  for (const release::Migration& migration : migrations) objects.Add(migration);
  std::vector<sql::Effect> created;
  for (const MadeObject& object : objects.all()) {
    if (object.effect.exists && IsTelling(object.effect)) created.push_back(object.effect);
  }
  return created;
}

}  // namespace

Status ReadScriptObjects(const plan::Intent& intent, postgres::Session& session,
                         plan::Observation& observation) {
  plan::ScriptObjects& objects = observation.script_objects.emplace();
  if (!std::holds_alternative<plan::FollowHistory>(intent) ||
      !observation.other_current_schema.empty()) {
    return {};
  }
  const std::vector<sql::Effect> created =
      CreatedBy(plan::AppliedWithOtherScripts(intent, observation), observation.schema);
  if (created.empty()) return {};
  TRY_ASSIGN(const std::vector<bool> exist,
             postgres::ObjectsExist(session, observation.schema, created));
  for (size_t i = 0; i < created.size(); ++i) {
    (exist[i] ? objects.present : objects.missing).push_back(sql::Describe(created[i]));
  }
  return {};
}

}  // namespace ballast::assess
