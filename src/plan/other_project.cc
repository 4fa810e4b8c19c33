// SPDX-License-Identifier: Apache-2.0
#include "plan/other_project.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "plan/steps.h"

namespace ballast::plan {

std::vector<release::Migration> AppliedWithOtherScripts(const FollowHistory& intent,
                                                        const Observation& observation) {
  const std::set<std::string_view> applied = AppliedNames(observation);
  const auto shared = std::ranges::count_if(
      intent.migrations,
      [&](const release::Migration& migration) { return applied.contains(migration.name); });
  std::vector<release::Migration> edited = EditedAmong(intent.migrations, observation);
  if (static_cast<size_t>(shared) != edited.size()) edited.clear();
  return edited;
}

std::optional<Refusal> RefuseOtherProject(const std::vector<release::Migration>& applied,
                                          const Observation& observation) {
  const ScriptObjects& objects = *observation.script_objects;
  if (objects.missing.size() <= objects.present.size()) return std::nullopt;
  const bool one = applied.size() == 1;
  const size_t all = objects.present.size() + objects.missing.size();
  const std::string lacks =
      all == 1
          ? "lacks the object"
          : fmt::format(
                "has {} of the {} objects",
                objects.present.empty() ? "none" : fmt::format("only {}", objects.present.size()),
                all);
  Refusal refusal;
  refusal.message = fmt::format(
      "the database seems to be that of another project: its {} ({}) {} applied with {} than this "
      "project's, and it {} that {}",
      one ? "migration of the same name"
          : Counted(applied.size(), "migration") + " of the same names",
      JoinSome(NamesOf(applied)), one ? "was" : "were", one ? "another script" : "other scripts",
      lacks, one ? "this script creates" : "these scripts create");
  for (const std::string& object : objects.missing) {
    refusal.evidence.push_back(object + " does not exist");
  }
  refusal.remedies = {"check the database URL, and with several projects --project",
                      "if it is the database of this project: ballast deploy --allow-drift"};
  return refusal;
}

}  // namespace ballast::plan
