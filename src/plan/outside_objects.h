// SPDX-License-Identifier: Apache-2.0
// Objects that the migrations look for and do not make (release::OutsideObject): where a database
// has others than the scratch server had, the migrations would do something else in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/intent.h"
#include "plan/plan.h"
#include "sql/sought_objects.h"

namespace ballast::plan {

sql::SoughtObject SoughtOf(const release::OutsideObject& object);
std::string NameOf(const release::OutsideObject& object);  // "function auth.uid()"

// Those among `objects` that the scripts of the plan look for; all of them if it applies the
// baseline, which replaces the migrations.
std::vector<release::OutsideObject> SoughtBy(const Plan& plan,
                                             const std::vector<release::OutsideObject>& objects);

// One that exists in the database and did not on the scratch server, or the reverse.
struct OtherObject {
  release::OutsideObject object;
  std::optional<bool> exists;  // in the database; empty: the role may not see it
};
// A sentence.
std::string Describe(const OtherObject& other);

// B515. `others` is not empty.
Refusal RefuseOtherObjects(const std::vector<OtherObject>& others);

}  // namespace ballast::plan
