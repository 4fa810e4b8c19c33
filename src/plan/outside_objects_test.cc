// SPDX-License-Identifier: Apache-2.0
#include "plan/outside_objects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::plan {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> NamesIn(const std::vector<release::OutsideObject>& objects) {
  std::vector<std::string> names;
  for (const release::OutsideObject& object : objects) {
    names.push_back(NameOf(object) + " by " + object.sought_by.back());
  }
  return names;
}

Plan PlanOf(const std::string& name, ScriptSettings settings) {
  RunScript run{release::MakeMigration(name, "SELECT 1;")};
  run.settings = settings;
  return {{Transaction{ScriptMode::kInTransaction, {{std::move(run), ""}}}}};
}

TEST(OutsideObjectsTest, AreThoseThatThePlanLooksFor) {
  const std::vector<release::OutsideObject> all = {
      {"function", "", "auth.uid()", true, false, {"m1", "m2"}},
      {"relation", "auth", "Users", false, true, {"m2"}},
      {"extension", "", "pg_cron", false, false, {"m3"}}};
  EXPECT_THAT(NamesIn(SoughtBy(PlanOf("0_baseline", ScriptSettings::kBaseline), all)),
              ElementsAre("function auth.uid() by m2", "relation auth.\"Users\" by m2",
                          "extension pg_cron by m3"));
  EXPECT_THAT(NamesIn(SoughtBy(PlanOf("m1", ScriptSettings::kSession), all)),
              ElementsAre("function auth.uid() by m1"));
  EXPECT_THAT(NamesIn(SoughtBy(Plan{}, all)), ElementsAre());
}

TEST(OutsideObjectsTest, AreDescribed) {
  const release::OutsideObject object = {"extension", "", "pg_cron", false, false, {"m3"}};
  EXPECT_EQ(Describe({object, true}),
            "extension pg_cron exists here and did not where the package was made, and m3 looks "
            "for it");
  EXPECT_EQ(Describe({object, std::nullopt}),
            "extension pg_cron cannot be looked up by this role, and m3 looks for it");
}

}  // namespace
}  // namespace ballast::plan
