// SPDX-License-Identifier: Apache-2.0
#include "postgres/session_settings.h"

#include <gtest/gtest.h>

#include "postgres/observe.h"

namespace ballast::postgres {
namespace {

using std::chrono::milliseconds;

TEST(SessionSettingsTest, NamesWhatTheUrlAndTheCommandSet) {
  Target target;
  ObserveOptions options;
  EXPECT_TRUE(SessionSettings(target, options).empty());
  target.schema = "ten";
  options.lock_timeout = milliseconds(4000);
  options.statement_timeout = milliseconds(1500);
  EXPECT_EQ(
      SessionSettings(target, options),
      (std::vector<SessionSetting>{
          {"search_path", "\"ten\""}, {"lock_timeout", "4s"}, {"statement_timeout", "1500ms"}}));
}

TEST(SessionSettingsTest, WritesTimesAsTheServerShowsThem) {
  for (const auto& [time, shown] : {std::pair{1L, "1ms"},
                                    {1000L, "1s"},
                                    {90000L, "90s"},
                                    {120000L, "2min"},
                                    {7200000L, "2h"},
                                    {86400000L, "1d"}}) {
    ObserveOptions options;
    options.lock_timeout = milliseconds(time);
    EXPECT_EQ(SessionSettings({}, options)[0].value, shown);
  }
}

TEST(SessionSettingsTest, RenewsOnlyWhatWasReset) {
  EXPECT_EQ(RenewSettingsSql({}), "");
  EXPECT_EQ(RenewSettingsSql({{"search_path", "\"ten\""}, {"lock_timeout", "4s"}}),
            "SELECT pg_catalog.set_config(s.name, v.value, false)\n"
            "  FROM (VALUES ('search_path', '\"ten\"'), ('lock_timeout', '4s')) v(name, value) "
            "JOIN pg_catalog.pg_settings s USING (name)\n"
            " WHERE s.source <> 'session' AND (pg_catalog.current_setting('search_path', true) <> "
            "'\"ten\"' OR pg_catalog.current_setting('lock_timeout', true) <> '4s');\n");
  EXPECT_EQ(RenewedSettings({}, {}), (std::vector<SessionSetting>{{"idle_session_timeout", "0"}}));
}

}  // namespace
}  // namespace ballast::postgres
