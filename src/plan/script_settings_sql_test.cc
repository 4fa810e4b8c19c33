// SPDX-License-Identifier: Apache-2.0
#include "plan/script_settings_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/kept_data.h"

namespace ballast::plan {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(ScriptSettingsSqlTest, OnlyABaselineNeedsTheFormatsOfValues) {
  EXPECT_EQ(SetSettingsSql(ScriptSettings::kSession), "");
  EXPECT_EQ(RestoreSettingsSql(ScriptSettings::kSession), "");
  EXPECT_THAT(SetSettingsSql(ScriptSettings::kChange),
              AllOf(HasSubstr("SET LOCAL array_nulls = 'on';\n"), Not(HasSubstr("DateStyle"))));
  EXPECT_THAT(SetSettingsSql(ScriptSettings::kBaseline),
              HasSubstr("SET LOCAL DateStyle = 'ISO, MDY';\n"));
  EXPECT_THAT(RestoreSettingsSql(ScriptSettings::kBaseline),
              AllOf(StartsWith("SET LOCAL check_function_bodies TO DEFAULT;\n"),
                    HasSubstr("SET LOCAL DateStyle TO DEFAULT;\n")));
}

TEST(ScriptSettingsSqlTest, KeptValuesAreWrittenAsAScratchServerWritesThem) {
  const std::string sql = KeepDataSql("public", {{"\"t\"", "\"a\"", {"id"}}}, {});
  EXPECT_THAT(sql, AllOf(StartsWith("SET LOCAL bytea_output = 'hex';\n"),
                         HasSubstr("SET LOCAL TimeZone = 'UTC';\n"),
                         EndsWith("SET LOCAL xmlbinary TO DEFAULT;\n")));
  EXPECT_EQ(KeepDataSql("public", {}, {}), "");
}

}  // namespace
}  // namespace ballast::plan
