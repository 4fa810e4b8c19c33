// SPDX-License-Identifier: Apache-2.0
// The password must never come out: every command that takes a URL, with URLs in every form, right
// and broken, against servers that are there and that are not.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kSecret[] = "s3cr3tw0rd";

struct Form {
  std::string url;
  std::map<std::string, std::string> variables;
};

// %65 is "e", so that the decoded password is the secret, too.
std::vector<Form> FormsAt(const std::string& host, const std::string& port) {
  const std::string at = host + ":" + port;
  return {
      {fmt::format("postgresql://u:s3cr3tw0rd@{}/none", at), {}},
      {fmt::format("postgres://u:s3cr3tw0rd@{}/none?schema=x", at), {}},
      {fmt::format("postgresql://u:s3cr3tw0rd%21@{}/none", at), {}},
      {fmt::format("postgresql://u:s3cr3tw0rd@x@{}/none", at), {}},
      {fmt::format("postgresql://u:12/s3cr3tw0rd@{}/none", at), {}},
      {fmt::format("postgresql://u:12?s3cr3tw0rd@{}/none", at), {}},
      {fmt::format("postgresql://u:12#s3cr3tw0rd@{}/none", at), {}},
      {fmt::format("postgresql://u@{}/none?password=s3cr3tw0rd", at), {}},
      {fmt::format("postgresql://u@{}/none?sslpassword=s3cr3tw0rd&sslmode=require", at), {}},
      {fmt::format("postgresql://u:s3cr3tw0rd@{}:x/none", at), {}},
      {fmt::format("postgresql://u:s3cr3tw0rd@{}/none?connect_timeout=x", at), {}},
      {fmt::format("postgresql://u:s3cr3tw0rd@[{}/none", at), {}},
      {fmt::format("postgresql:/u:s3cr3tw0rd@{}/none", at), {}},
      {fmt::format("mysql://u:s3cr3tw0rd@{}/none", at), {}},
      {fmt::format("prisma://x/?api_key=s3cr3tw0rd"), {}},
      {fmt::format("host={} port={} user=u password=s3cr3tw0rd dbname=none", host, port), {}},
      {fmt::format("host={} port={} user=u password='s3cr3tw0rd", host, port), {}},
      {fmt::format("host={} port={} password=x s3cr3tw0rd", host, port), {}},
      {fmt::format("host={} port={} dbname=postgresql://u:s3cr3tw0rd@h/d", host, port), {}},
      {fmt::format("host={} port={} nosuch=s3cr3tw0rd", host, port), {}},
      {fmt::format("postgresql://u@{}/none", at), {{"PGPASSWORD", kSecret}}},
      {fmt::format("postgresql://u@{}/none", at), {{"PGPASSFILE", "pass"}}},
      {fmt::format("postgresql://u@{}/none?passfile=pass", at), {}},
      {"service=mine", {{"PGSERVICEFILE", "service"}}},
      {"s3cr3tw0rd", {}},
  };
}

void WriteSecretProject(const fs::path& folder) {
  WriteBareProject({{"20240101000000_init", "CREATE TABLE t (id int PRIMARY KEY);\n"}}, folder);
  std::ofstream(folder / "pass") << "*:*:*:*:" << kSecret << "\n";
  fs::permissions(folder / "pass", fs::perms::owner_read | fs::perms::owner_write);
  std::ofstream(folder / "service")
      << "[mine]\nhost=127.0.0.1\nport=1\nuser=u\npassword=" << kSecret << "\n";
}

std::vector<std::string> Commands() {
  return {
      "deploy",
      "deploy --output json",
      "-v deploy --database-url \"$DATABASE_URL\"",
      "-v status",
      "status --output json",
      // What is delivered and kept: events, webhooks, reports, metrics, the journal.
      "deploy --log-format json",
      "deploy --notify http://u:s3cr3tw0rd@127.0.0.1:1/s3cr3tw0rd --metrics-file /dev/stdout",
      "log",
      "log --summary --output json --metrics-file /dev/stdout",
      "-v resolve --applied x",
      "-v schema check --live",
      "-v catalog fingerprint --output json",
      "-v catalog diff \"$DATABASE_URL\" \"$DATABASE_URL\"",
      "-v schema check --scratch-url \"$DATABASE_URL\"",
      // Where it does not belong.
      "deploy \"$DATABASE_URL\"",
      "--output json deploy --databse-url=\"$DATABASE_URL\"",
      "catalog diff \"$DATABASE_URL\" \"$DATABASE_URL\" \"$DATABASE_URL\"",
  };
}

class SecretsTest : public ::testing::Test {
 protected:
  void SetUp() override { WriteSecretProject(folder_.path()); }

  void NothingComesOut(const Form& form) {
    std::map<std::string, std::string> variables = form.variables;
    variables["DATABASE_URL"] = form.url;
    variables["BALLAST_NOTIFY_URL"] = "http://127.0.0.1:1/s3cr3tw0rd";
    variables["BALLAST_REPORT_URL"] = "http://u:s3cr3tw0rd@127.0.0.1:1/s3cr3tw0rd";
    variables["BALLAST_REPORT_TOKEN"] = kSecret;
    for (const std::string& command : Commands()) {
      const Ran ran = RunIn(folder_.path(), "ballast " + command, variables);
      EXPECT_NE(ran.status, 0) << command << " " << form.url;
      EXPECT_NE(ran.status, 70) << command << " " << form.url << ran.err;
      EXPECT_FALSE((ran.out + ran.err).empty()) << command;
      // A bare word is no URL: shown as what was typed, it is no password of anybody.
      if (form.url == kSecret) continue;
      EXPECT_EQ((ran.out + ran.err).find(kSecret), std::string::npos) << command << "\n"
                                                                      << form.url << "\n"
                                                                      << ran.out << ran.err;
    }
  }

  TemporaryFolder folder_{"secrets"};
};

using SlowSecretsTest = SecretsTest;

TEST_F(SlowSecretsTest, NotWhereNothingAnswers) {
  for (const Form& form : FormsAt("127.0.0.1", "1")) NothingComesOut(form);
}

TEST_F(SecretsTest, NotWhereTheServerRefuses) {
  const TestDatabase database;
  const std::string host = database.target().KeywordValue("host");
  for (const std::string form : {"postgresql:///none?host={}&user=u&password=s3cr3tw0rd",
                                 "postgresql://u:s3cr3tw0rd@/none?host={}",
                                 "host={} user=u password=s3cr3tw0rd dbname=none"}) {
    NothingComesOut({fmt::format(fmt::runtime(form), host), {}});
  }
}

TEST_F(SecretsTest, TheProcessTitleHasNoUrl) {
  // The child of `scratch` looks at its parent.
  const Ran ran = RunIn(folder_.path(),
                        "ballast scratch --database-url postgresql://u:s3cr3tw0rd@127.0.0.1:1/x -- "
                        "sh -c 'tr \"\\0\" \" \" </proc/$PPID/cmdline'");
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.out.find("scratch"), std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find(kSecret), std::string::npos) << ran.out;
}

// The URL may stand in schema.prisma itself; errors about that file quote it.
TEST_F(SecretsTest, NotWhereTheUrlStandsInTheSchema) {
  const std::string schema =
      "datasource db {{\n  provider = \"postgresql\"\n  url = \"{}\"\n{}}}\n{}";
  const char* const url = "postgresql://u:s3cr3tw0rd@127.0.0.1:1/none";
  for (const auto& [in_datasource, after] :
       {std::pair{"", ""}, std::pair{"  nonsense = = 1\n", ""}, std::pair{"", "model {"},
        std::pair{"  directUrl = \"mysql://u:s3cr3tw0rd@h/d\"\n", ""}}) {
    std::ofstream(folder_.path() / "prisma/schema.prisma")
        << fmt::format(fmt::runtime(schema), url, in_datasource, after);
    for (const char* command : {"-v deploy", "-v status --output json", "-v schema check --live",
                                "doctor", "-v schema sql", "-v release create v1"}) {
      const Ran ran = RunIn(folder_.path(), std::string("ballast ") + command);
      EXPECT_EQ((ran.out + ran.err).find(kSecret), std::string::npos) << command << "\n"
                                                                      << ran.out << ran.err;
    }
  }
}

// A deploy that fails outside a transaction writes rows and a log: everything that the database
// holds afterwards is searched.
TEST_F(SecretsTest, NotInTheDatabase) {
  TestDatabase database;
  database.Run("CREATE TABLE twice AS SELECT 1 AS id FROM generate_series(1, 2)");
  AddScripts(folder_.path(),
             {{"20240102000000_dup", "CREATE UNIQUE INDEX CONCURRENTLY dup ON twice(id);\n"},
              {"20240103000000_after", "SELECT 1;\n"}});
  // The server trusts; what stands in the URL is sent to nobody.
  const std::string url =
      fmt::format("postgresql://postgres:{}@/{}?host={}", kSecret, database.database().name(),
                  database.target().KeywordValue("host"));
  const std::map<std::string, std::string> variables = {{"DATABASE_URL", url}};
  const Ran first =
      RunIn(folder_.path(), "ballast resolve --applied 20240101000000_init", variables);
  ASSERT_EQ(first.status, 0) << first.err;
  const Ran ran = RunIn(folder_.path(), "ballast -v deploy --strategy history", variables);
  EXPECT_EQ(ran.status, 4) << ran.err;
  const auto dump = PgDump(database.target());
  if (!dump)
    GTEST_SKIP() << "NO PG_DUMP for this server: install the postgresql-client of its version";
  for (const char* part : {"step_failed", "20240102000000_dup", "could not create unique index"}) {
    EXPECT_NE(dump->find(part), std::string::npos) << part;
  }
  EXPECT_EQ(dump->find(kSecret), std::string::npos);
  EXPECT_EQ((ran.out + ran.err).find(kSecret), std::string::npos);
  EXPECT_EQ(database.Value("SELECT count(*) FROM pg_stat_activity WHERE pg_stat_activity::text "
                           "LIKE '%s3cr3t' || 'w0rd%'"),
            "0");
}

// A script may hold a password of its own; whoever says why it failed quotes it.
TEST_F(SecretsTest, NotWhereAScriptThatHoldsOneFails) {
  TestDatabase database;
  const fs::path script = folder_.path() / "prisma/migrations/20240101000000_init/migration.sql";
  bool is_dumped = true;
  for (const char* text : {
           "SELECT missing; CREATE ROLE r PASSWORD 's3cr3tw0rd';",
           "CREATE ROLE r PASSWORD 's3cr3tw0rd' NONSENSE;",
           "ALTER USER nobody_of_that_name PASSWORD\n s3cr3tw0rd;",
           "DO $$ BEGIN EXECUTE 'ALTER ROLE nobody PASSWORD ''s3cr3tw0rd'''; END $$;",
           "CREATE SERVER s FOREIGN DATA WRAPPER none OPTIONS (password 's3cr3tw0rd');",
           "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1 password=s3cr3tw0rd' "
           "PUBLICATION p;",
           "CREATE SUBSCRIPTION s CONNECTION 'postgresql://u:s3cr3tw0rd@127.0.0.1:1/d' "
           "PUBLICATION p;",
           "BEGIN; CREATE ROLE nobody IN ROLE missing PASSWORD 's3cr3tw0rd'; COMMIT;",
       }) {
    std::ofstream(script) << text << "\n";
    for (const char* command :
         {"-v deploy --strategy history", "-v status --output json",
          "-v deploy --strategy history --output json", "-v baseline create"}) {
      const Ran ran = RunIn(folder_.path(), std::string("ballast ") + command,
                            {{"DATABASE_URL", database.Url()}});
      EXPECT_NE(ran.status, 0) << text << "\n" << command;
      EXPECT_NE(ran.status, 70) << command << ran.err;
      EXPECT_EQ((ran.out + ran.err).find(kSecret), std::string::npos) << text << "\n"
                                                                      << command << "\n"
                                                                      << ran.out << ran.err;
    }
    const auto dump = PgDump(database.target());
    is_dumped = is_dumped && dump.has_value();
    EXPECT_EQ(dump.value_or("").find(kSecret), std::string::npos) << text;
    database.Run("DROP SCHEMA IF EXISTS ballast CASCADE; DROP TABLE IF EXISTS _prisma_migrations");
  }
  if (!is_dumped) {
    GTEST_SKIP() << "NO PG_DUMP for this server: what it stores was not searched";
  }
}

// Memory holds the password; a crash must not write it to a disk.
TEST_F(SecretsTest, NoCoreIsDumped) {
#ifndef NDEBUG
  GTEST_SKIP()
      << "NO RELEASE BUILD: a sanitizer has to look into the memory; cmake --preset release";
#endif
  const Ran ran = RunIn(folder_.path(),
                        "ulimit -c unlimited; python3 -c 'import os, signal, subprocess, sys\n"
                        "p = subprocess.Popen(sys.argv[1:], stderr=subprocess.PIPE)\n"
                        "p.stderr.readline()\n"
                        "os.kill(p.pid, signal.SIGSEGV)\n"
                        "print(os.WCOREDUMP(os.waitpid(p.pid, 0)[1]))' "
                        "ballast deploy --wait-for-database 5min --database-url "
                        "postgresql://u:s3cr3tw0rd@127.0.0.1:1/d");
  EXPECT_EQ(ran.out, "False\n") << ran.err;
}

}  // namespace
}  // namespace ballast::testing
