// SPDX-License-Identifier: Apache-2.0
#include "plan/script_settings.h"

#include <gtest/gtest.h>

namespace ballast::plan {
namespace {

TEST(ScriptSettingsTest, AreResetWhereTheyAreSet) {
  ServerState server;
  server.database = "d";
  server.role = "r";
  const auto reset = [&](const std::string& source) {
    return ResetOf({"array_nulls", "off", "on", SettingSourceNamed(source)}, server);
  };
  EXPECT_EQ(reset("database"), "ALTER DATABASE \"d\" RESET array_nulls");
  EXPECT_EQ(reset("user"), "ALTER ROLE \"r\" RESET array_nulls");
  EXPECT_EQ(reset("database user"), "ALTER ROLE \"r\" IN DATABASE \"d\" RESET array_nulls");
  EXPECT_EQ(reset("client"),
            "remove array_nulls from the options of the database URL, or from PGOPTIONS");
  EXPECT_EQ(reset("configuration file"), "ALTER ROLE \"r\" SET array_nulls = on");
}

TEST(ScriptSettingsTest, WhatIsSetAndWhatIsObserved) {
  const auto set = [](ScriptSettings settings) {
    std::string names;
    for (const ProvenSetting& setting : kProvenSettings) {
      if (IsSetFor(settings, setting)) names += std::string(setting.name) + " ";
    }
    return names;
  };
  EXPECT_EQ(set(ScriptSettings::kSession), "");
  EXPECT_EQ(set(ScriptSettings::kChange),
            "array_nulls default_table_access_method default_tablespace "
            "default_text_search_config lc_monetary quote_all_identifiers row_security "
            "transform_null_equals xmloption ");
  EXPECT_NE(set(ScriptSettings::kBaseline).find("TimeZone "), std::string::npos);
  EXPECT_EQ(set(ScriptSettings::kBaseline).find("backslash_quote "), std::string::npos);
  const std::string rows = ObservedSettingRows();
  EXPECT_NE(rows.find("('TimeZone', 'UTC', true), ('transform_null_equals', 'off', false)"),
            std::string::npos);
  EXPECT_EQ(rows.find("row_security"), std::string::npos);
}

TEST(ScriptSettingsTest, OnlyThoseOfScriptsAreNotices) {
  ServerState server;
  server.script_settings = {{"array_nulls", "off", "on", SettingSource::kDatabase},
                            {"TimeZone", "Asia/Tokyo", "UTC", SettingSource::kRole, true}};
  Plan plan;
  EXPECT_TRUE(DescribeSettings(plan, server).empty());
  Transaction transaction;
  transaction.steps.push_back({RunScript{release::MakeMigration("m", "SELECT 1")}, ""});
  plan.transactions.push_back(transaction);
  EXPECT_TRUE(DescribeSettings(plan, server).empty());  // nothing is compared
  plan.transactions[0].steps.push_back({VerifyCatalog({}, false, {}), ""});
  ASSERT_EQ(DescribeSettings(plan, server).size(), 1);
  EXPECT_NE(DescribeSettings(plan, server)[0].find("array_nulls = off"), std::string::npos);
  std::get<RunScript>(plan.transactions[0].steps[0].act).settings = ScriptSettings::kBaseline;
  EXPECT_TRUE(DescribeSettings(plan, server).empty());
  EXPECT_NE(RemedyOfSettings(server).find("TimeZone = Asia/Tokyo"), std::string::npos);
  EXPECT_EQ(RemedyOfSettings({}), "");
}

}  // namespace
}  // namespace ballast::plan
