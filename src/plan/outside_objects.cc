// SPDX-License-Identifier: Apache-2.0
#include "plan/outside_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"

namespace ballast::plan {

sql::SoughtObject SoughtOf(const release::OutsideObject& object) {
  return {sql::SoughtKindNamed(object.kind).value_or(sql::SoughtKind::kRelation), object.name,
          object.is_sql, object.schema};
}

std::string NameOf(const release::OutsideObject& object) {
  return object.kind + " " + sql::NameOf(SoughtOf(object));
}

std::vector<release::OutsideObject> SoughtBy(const Plan& plan,
                                             const std::vector<release::OutsideObject>& objects) {
  std::vector<release::OutsideObject> sought;
  if (objects.empty()) return sought;
  std::set<std::string> run;
  for (const Step* step : StepsOf(plan)) {
    const auto* script = std::get_if<RunScript>(&step->act);
    if (script == nullptr) continue;
    if (script->settings == ScriptSettings::kBaseline) return objects;
    run.insert(script->migration.name);
  }
  for (release::OutsideObject object : objects) {
    std::erase_if(object.sought_by, [&](const std::string& name) { return !run.contains(name); });
    if (!object.sought_by.empty()) sought.push_back(std::move(object));
  }
  return sought;
}

std::string Describe(const OtherObject& other) {
  const std::string name = NameOf(other.object);
  const std::string who = fmt::format("{} {} for it", JoinSome(other.object.sought_by),
                                      other.object.sought_by.size() == 1 ? "looks" : "look");
  if (!other.exists) {
    return fmt::format("{} cannot be looked up by this role, and {}", name, who);
  }
  return fmt::format("{} {} here and {} where the package was made, and {}", name,
                     *other.exists ? "exists" : "does not exist",
                     other.object.exists ? "did" : "did not", who);
}

Refusal RefuseOtherObjects(const std::vector<OtherObject>& others) {
  const bool one = others.size() == 1;
  const char* const it = one ? "it" : "them";
  Refusal refusal{ErrorCode::kOutsideObjects,
                  fmt::format("the migrations look for {} in which this database differs from the "
                              "one where the package was made, so they would make something else "
                              "here",
                              Counted(others.size(), "object")),
                  {},
                  {}};
  std::string ignored;
  for (const OtherObject& other : others) {
    refusal.evidence.push_back(Describe(other));
    ignored += fmt::format("{}'{}'", ignored.empty() ? "" : ", ", NameOf(other.object));
  }
  const auto exists_here = [](const OtherObject& other) { return other.exists == true; };
  if (std::ranges::any_of(others, exists_here)) {
    refusal.remedies.push_back(
        "if all databases of the project are like this one, name what provides it in ballast.toml "
        "(platform = \"supabase\", or setup_script = \"platform.sql\"), then create the package "
        "again");
  }
  if (!std::ranges::all_of(others, exists_here)) {
    refusal.remedies.push_back(fmt::format(
        "have an admin create {} in the database, or allow the role to see {}", it, it));
  }
  refusal.remedies.emplace_back(
      "or let the migrations run here: ballast deploy --strategy history");
  refusal.remedies.push_back(
      fmt::format("or deploy what was proven: ballast deploy --allow-drift, or for good, in "
                  "ballast.toml: ignore = [{}]",
                  ignored));
  return refusal;
}

}  // namespace ballast::plan
