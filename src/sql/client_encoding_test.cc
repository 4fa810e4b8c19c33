// SPDX-License-Identifier: Apache-2.0
#include "sql/client_encoding.h"

#include <gtest/gtest.h>

#include "sql/classify.h"

namespace ballast::sql {
namespace {

TEST(ClientEncodingTest, FindsOtherEncodings) {
  for (const char* script : {"SET client_encoding = 'LATIN1';",
                             "CREATE TABLE a (); set session client_encoding to latin1",
                             "SET LOCAL Client_Encoding TO 'SQL_ASCII'", "SET NAMES 'WIN1252'",
                             "SELECT pg_catalog.set_config('client_encoding', 'LATIN1', false)",
                             "DO $$ BEGIN SET client_encoding = 'LATIN1'; END $$"}) {
    EXPECT_TRUE(AnalyzeScript(script).changes_client_encoding) << script;
  }
}

TEST(ClientEncodingTest, IgnoresUtf8AndOtherStatements) {
  for (const char* script :
       {"SET client_encoding = 'UTF8';", "SET client_encoding TO \"utf-8\"", "SET NAMES 'unicode'",
        "SET client_encoding TO DEFAULT", "CREATE TABLE names (client_encoding text)",
        "RESET client_encoding", "-- SET NAMES 'LATIN1'\nSELECT 1"}) {
    EXPECT_FALSE(AnalyzeScript(script).changes_client_encoding) << script;
  }
}

}  // namespace
}  // namespace ballast::sql
