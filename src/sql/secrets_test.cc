// SPDX-License-Identifier: Apache-2.0
#include "sql/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(SecretsTest, AreCoveredInAllTheirForms) {
  for (const char* script : {
           "CREATE ROLE a PASSWORD 's3cr3t'",
           "create user a with login encrypted password\n  's3cr3t' valid until 'infinity'",
           "ALTER USER a PASSWORD s3cr3t",
           "ALTER ROLE a PASSWORD E's3cr3t'",
           "ALTER ROLE a PASSWORD $$s3cr3t$$",
           "CREATE SUBSCRIPTION s CONNECTION 'host=h password=s3cr3t user=u' PUBLICATION p",
           "CREATE SUBSCRIPTION s CONNECTION 'password = ''s3cr3t'' host=h' PUBLICATION p",
           "CREATE SUBSCRIPTION s CONNECTION 'postgresql://u:s3cr3t@h/d' PUBLICATION p",
           "CREATE SUBSCRIPTION s CONNECTION 'postgresql://h/d?user=u&password=s3cr3t&x=y'",
           "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', \"sslpassword\" 's3cr3t')",
           "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'a', password 's3cr3t')",
           "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (aws_secret_access_key 's3cr3t')",
           "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (api_key 's3cr3t')",
           "SELECT dblink_connect('c', 'dbname=d password=s3cr3t')",
           "DO $$ BEGIN CREATE ROLE a PASSWORD 's3cr3t'; END $$",
           "DO $$ BEGIN EXECUTE 'ALTER ROLE a PASSWORD ''s3cr3t'''; END $$",
           "SELECT 1; CREATE ROLE a; ALTER ROLE a PASSWORD 's3cr3t'; SELECT 2",
       }) {
    const std::string covered = WithoutSecrets(script, SecretsIn(script));
    EXPECT_THAT(covered, Not(HasSubstr("s3cr3t"))) << covered;
    EXPECT_THAT(covered, HasSubstr("********")) << covered;
  }
}

TEST(SecretsTest, AQuoteInAPasswordIsCoveredInBothForms) {
  const auto secrets = SecretsIn("CREATE ROLE a PASSWORD 'it''s'");
  EXPECT_EQ(WithoutSecrets("it's and it''s", secrets), "******** and ********");
}

TEST(SecretsTest, ShortOnesOnlyBetweenTheirQuotes) {
  const auto secrets = SecretsIn("CREATE ROLE a PASSWORD 'a'");
  EXPECT_EQ(WithoutSecrets("CREATE ROLE a PASSWORD 'a'", secrets),
            "CREATE ROLE a PASSWORD ********");
}

TEST(SecretsTest, WhatIsNoneStays) {
  for (const char* script : {
           "CREATE TABLE u (password TEXT NOT NULL, token VARCHAR(20), \"secret\" bytea)",
           "CREATE TABLE u (id int PRIMARY KEY, key text DEFAULT 'x')",
           "ALTER ROLE a PASSWORD NULL",
           "CREATE ROLE a PASSWORD ''",
           "SELECT 'https://example.org/a:b', 'a=b'",
           "INSERT INTO t VALUES ('x', DATE '2020-01-01')",
       }) {
    EXPECT_EQ(WithoutSecrets(script, SecretsIn(script)), script);
  }
}

}  // namespace
}  // namespace ballast::sql
