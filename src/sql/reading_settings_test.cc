// SPDX-License-Identifier: Apache-2.0
#include "sql/reading_settings.h"

#include <gtest/gtest.h>

#include "sql/classify.h"

namespace ballast::sql {
namespace {

TEST(ReadingSettingsTest, FindsOtherEncodingsAndEscapes) {
  for (const char* script :
       {"SET client_encoding = 'LATIN1';",
        "CREATE TABLE a (); set session client_encoding to latin1",
        "SET LOCAL Client_Encoding TO 'SQL_ASCII'", "SET NAMES 'WIN1252'",
        "SELECT pg_catalog.set_config('client_encoding', 'LATIN1', false)",
        "DO $$ BEGIN SET client_encoding = 'LATIN1'; END $$",
        "SET standard_conforming_strings = off", "set local standard_conforming_strings to 'off'",
        "SELECT set_config('standard_conforming_strings', 'off', true)"}) {
    EXPECT_TRUE(AnalyzeScript(script).changes_reading) << script;
  }
}

TEST(ReadingSettingsTest, IgnoresTheDefaultsAndOtherStatements) {
  for (const char* script :
       {"SET client_encoding = 'UTF8';", "SET client_encoding TO \"utf-8\"", "SET NAMES 'unicode'",
        "SET client_encoding TO DEFAULT", "CREATE TABLE names (client_encoding text)",
        "RESET client_encoding", "-- SET NAMES 'LATIN1'\nSELECT 1",
        "SET standard_conforming_strings = on", "SET standard_conforming_strings TO DEFAULT"}) {
    EXPECT_FALSE(AnalyzeScript(script).changes_reading) << script;
  }
}

}  // namespace
}  // namespace ballast::sql
