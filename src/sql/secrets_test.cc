// SPDX-License-Identifier: Apache-2.0
#include "sql/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(SecretsTest, AreMaskedInAllForms) {
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
           "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (\"privateKey\" 's3cr3t')",
           "INSERT INTO u (name, \"apiKey\") VALUES ('a', 's3cr3t')",
           "INSERT INTO u (name, stripe_webhook_signing_key) VALUES ('a', 's3cr3t')",
           "INSERT INTO s VALUES ('{\"awsAccessKey\": \"s3cr3t\"}')",
           "UPDATE u SET encryption_key = 's3cr3t', service_role_key = 'x'",
           "SET app.apikey = 's3cr3t'",
           "SELECT dblink_connect('c', 'dbname=d password=s3cr3t')",
           "DO $$ BEGIN CREATE ROLE a PASSWORD 's3cr3t'; END $$",
           "DO $$ BEGIN EXECUTE 'ALTER ROLE a PASSWORD ''s3cr3t'''; END $$",
           "SELECT set_config('app.password', 's3cr3t', false)",
           "SET app.password = 's3cr3t'",
           "SET app.api_key TO 's3cr3t'",
           "ALTER DATABASE d SET \"app.jwt_secret\" TO 's3cr3t'",
           "ALTER ROLE r SET app.token = 's3cr3t'",
           "SELECT f(password => 's3cr3t')",
           "SELECT f(a := 1, api_secret := 's3cr3t')",
           "SELECT jsonb_build_object('password', 's3cr3t')",
           "INSERT INTO s VALUES ('{\"smtp\": {\"password\": \"s3cr3t\"}}')",
           "INSERT INTO u (name, password) VALUES ('a', 's3cr3t')",
           "INSERT INTO \"u\" (\"name\", \"passwordHash\") VALUES ('a', 'b'), ('c', 's3cr3t')",
           "SELECT vault.create_secret('s3cr3t', 'name')",
           "UPDATE u SET password = crypt('s3cr3t', gen_salt('bf'))",
           "SELECT pgp_sym_encrypt('text', 's3cr3t')",
           "UPDATE u SET password = 's3cr3t' WHERE id = 1",
           "DO $$ BEGIN PERFORM set_config('app.password', 's3cr3t', true); END $$",
           "SELECT 1; CREATE ROLE a; ALTER ROLE a PASSWORD 's3cr3t'; SELECT 2",
       }) {
    const std::string covered = WithoutSecrets(script, SecretsIn(script));
    EXPECT_THAT(covered, Not(HasSubstr("s3cr3t"))) << covered;
    EXPECT_THAT(covered, HasSubstr("********")) << covered;
  }
}

TEST(SecretsTest, ArgumentsOfFormatByTheirPlace) {
  for (const char* script : {
           "EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', 'app', 's3cr3t')",
           "EXECUTE format('ALTER ROLE %2$I PASSWORD ''%1$s''', 's3cr3t', 'app')",
           "EXECUTE format('ALTER ROLE %I SET \"app.token\" TO %L; -- 100%%', 'app', 's3cr3t')",
           "EXECUTE format('ALTER ROLE %I PASSWORD %L', f('app', 1), 's3cr3t')",
           "DO $$ BEGIN EXECUTE format('CREATE ROLE %I PASSWORD %L', 'app', 's3cr3t'); END $$",
       }) {
    const std::string covered = WithoutSecrets(script, SecretsIn(script));
    EXPECT_THAT(covered, Not(HasSubstr("s3cr3t")));
    EXPECT_THAT(covered, HasSubstr("'app'"));
  }
}

// What code has composed is in no script.
TEST(SecretsTest, AreMaskedInMessagesOfTheServer) {
  const std::string context =
      "SQL statement \"CREATE ROLE app LOGIN PASSWORD 's3cr3t'\"\nPL/pgSQL function "
      "inline_code_block line 3 at EXECUTE";
  EXPECT_EQ(WithoutSecrets(context, SecretsInMessage(context)),
            "SQL statement \"CREATE ROLE app LOGIN PASSWORD '********'\"\nPL/pgSQL function "
            "inline_code_block line 3 at EXECUTE");
  for (const char* message :
       {"column \"password\" of relation \"User\" does not exist", "role \"app\" already exists"}) {
    EXPECT_EQ(WithoutSecrets(message, SecretsInMessage(message)), message);
  }
}

TEST(SecretsTest, AQuoteInAPasswordIsMaskedInBothForms) {
  const auto secrets = SecretsIn("CREATE ROLE a PASSWORD 'it''s'");
  EXPECT_EQ(WithoutSecrets("it's and it''s", secrets), "******** and ********");
}

TEST(SecretsTest, ShortOnesOnlyBetweenTheirQuotes) {
  const auto secrets = SecretsIn("CREATE ROLE a PASSWORD 'a'");
  EXPECT_EQ(WithoutSecrets("CREATE ROLE a PASSWORD 'a'", secrets),
            "CREATE ROLE a PASSWORD ********");
}

TEST(SecretsTest, PartsOfLongerWordsAreKept) {
  const auto secrets = SecretsIn("CREATE ROLE a PASSWORD 'able'");
  EXPECT_EQ(WithoutSecrets("a table, 'able' and u:able@h; unable able_x able", secrets),
            "a table, '********' and u:********@h; unable able_x ********");
  EXPECT_EQ(WithoutSecret("role \"app\" at a: a", "a"), "role \"app\" at ********: ********");
  EXPECT_EQ(WithoutSecret("p=x$y, x$yz", "x$y"), "p=********, x$yz");
  EXPECT_EQ(WithoutSecret("text", ""), "text");
}

TEST(SecretsTest, OtherTextIsKept) {
  for (const char* script : {
           "CREATE TABLE u (password TEXT NOT NULL, token VARCHAR(20), \"secret\" bytea)",
           "CREATE TABLE u (id int PRIMARY KEY, key text DEFAULT 'x')",
           "ALTER ROLE a PASSWORD NULL",
           "CREATE ROLE a PASSWORD ''",
           "SELECT 'https://example.org/a:b', 'a=b'",
           "INSERT INTO l (i18n_key, sort_key, \"flagKey\", foreign_key) VALUES ('User', 'a', 'b', "
           "'already exists')",
           "INSERT INTO l (partition_key, monkey, public_key) VALUES ('User', 'Task', 'Team')",
           "INSERT INTO t VALUES ('x', DATE '2020-01-01')",
           "INSERT INTO t (name, password) VALUES ('x', NULL)",
           "SELECT set_config('search_path', 'public', false)",
           "ALTER TABLE u ADD CHECK (length(password) > 8), ALTER token SET DEFAULT NULL",
           "CREATE UNIQUE INDEX \"User_email_key\" ON \"User\"(\"email\")",
       }) {
    EXPECT_EQ(WithoutSecrets(script, SecretsIn(script)), script);
  }
}

}  // namespace
}  // namespace ballast::sql
