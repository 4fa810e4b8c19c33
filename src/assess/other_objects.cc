// SPDX-License-Identifier: Apache-2.0
#include "assess/other_objects.h"

#include <variant>

#include "postgres/object_existence.h"

namespace ballast::assess {
namespace {

// A history that nothing has proven looks for itself.
std::vector<release::OutsideObject> RecordedFor(const plan::Intent& intent,
                                                const project::Artifacts& artifacts) {
  if (std::holds_alternative<plan::ApplyRelease>(intent)) {
    return artifacts.package->manifest.outside_objects;
  }
  const bool has_baseline = std::get<plan::FollowHistory>(intent).baseline.has_value();
  if (has_baseline && artifacts.baseline) return artifacts.baseline->outside_objects;
  return {};
}

}  // namespace

Result<std::vector<plan::OtherObject>> FindOtherObjects(const plan::Plan& plan,
                                                        const plan::Intent& intent,
                                                        const project::Artifacts& artifacts,
                                                        postgres::Session& session) {
  const auto objects = plan::SoughtBy(plan, RecordedFor(intent, artifacts));
  std::vector<sql::SoughtObject> sought;
  sought.reserve(objects.size());
  for (const release::OutsideObject& object : objects) sought.push_back(plan::SoughtOf(object));
  TRY_ASSIGN(const auto exist, postgres::SoughtObjectsExist(session, sought));
  std::vector<plan::OtherObject> others;
  for (size_t i = 0; i < objects.size(); ++i) {
    if (exist[i] != objects[i].exists) others.push_back({objects[i], exist[i]});
  }
  return others;
}

}  // namespace ballast::assess
