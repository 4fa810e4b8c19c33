// SPDX-License-Identifier: Apache-2.0
#include "plan/other_project.h"

#include <gtest/gtest.h>

#include "plan/planner_cases.h"

namespace ballast::plan {
namespace {

// Rows of these names, applied with the scripts of somebody else.
Observation AppliedBySomebodyElse(const std::string& rows) {
  Observation database = Database(rows, 3);
  for (MigrationRow& row : database.rows) row.checksum = release::ChecksumOf("theirs " + row.name);
  return database;
}

Observation With(Observation database, size_t present, size_t missing) {
  ScriptObjects& objects = database.script_objects.emplace();
  objects.present.assign(present, "table a");
  objects.missing.assign(missing, "table b");
  return database;
}

TEST(OtherProjectTest, TheObjectsDecideIfNoScriptIsTheProjects) {
  const Policy allowed{.allow_drift = true};
  Observation one_of_two = AppliedBySomebodyElse("m1 m2");
  one_of_two.rows.front().checksum = Covered("m1").checksum;
  Check({
      {"all rows differ",
       History({"m1", "m2"}),
       AppliedBySomebodyElse("m1"),
       {},
       "needs script objects"},
      {"also if nothing is pending",
       History({"m1"}),
       AppliedBySomebodyElse("m1"),
       {},
       "needs script objects"},
      {"also with a development baseline",
       Development({"m1", "m2"}, {"m1"}),
       AppliedBySomebodyElse("m1"),
       {},
       "needs script objects"},
      {"one row is the project's", History({"m1", "m2"}), one_of_two, {}, "current; nothing"},
      {"no object exists",
       History({"m1", "m2"}),
       With(AppliedBySomebodyElse("m1"), 0, 1),
       {},
       "unknown; refused B501"},
      {"few exist",
       History({"m1", "m2"}),
       With(AppliedBySomebodyElse("m1"), 1, 2),
       {},
       "unknown; refused B501"},
      {"half of them exist: edited scripts",
       History({"m1", "m2"}),
       With(AppliedBySomebodyElse("m1"), 1, 1),
       {},
       "behind; run m2"},
      {"the scripts create nothing",
       History({"m1", "m2"}),
       With(AppliedBySomebodyElse("m1"), 0, 0),
       {},
       "behind; run m2"},
      {"the user says so", History({"m1", "m2"}), AppliedBySomebodyElse("m1"), allowed,
       "behind; run m2"},
  });
}

}  // namespace
}  // namespace ballast::plan
