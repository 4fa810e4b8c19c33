// SPDX-License-Identifier: Apache-2.0
// A package that an older server cannot hold is refused by name before anything is changed, on
// every strategy that deploys it.
#include <gtest/gtest.h>

#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kPlain[] = "CREATE TABLE t (a integer, b integer);\n";
constexpr char kNewer[] = "CREATE UNIQUE INDEX i ON t (a) NULLS NOT DISTINCT;\n";
// Alone, because it cannot run in a transaction.
constexpr char kStepwise[] = "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a) NULLS NOT DISTINCT;\n";

class OlderServerDeployTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasMajor(14) || !HasMajor(15)) GTEST_SKIP() << "NO SERVER PROGRAMS of 14 and 15";
    db_.emplace(14);
    fs::create_directories(project() / ".railway");
    WriteMigration("20240101000000_plain", kPlain);
    Write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    Write("prisma/schema.prisma",
          "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n");
  }

  fs::path project() const { return folder_.path(); }
  void Write(const std::string& path, const std::string& text) const {
    WriteFile(project() / path, text);
  }
  void WriteMigration(const std::string& name, const std::string& script) const {
    Write("prisma/migrations/" + name + "/migration.sql", script);
  }

  Ran Ballast(const std::string& arguments) const {
    return RunIn(project(), "ballast " + arguments,
                 {{"DATABASE_URL", db_->Url()}, {"BALLAST_POSTGRES_BIN", BinariesOf(15)}});
  }
  void Good(const std::string& arguments) const {
    const Ran ran = Ballast(arguments);
    ASSERT_EQ(ran.status, 0) << arguments << ran.out << ran.err;
  }

  // Every object and row of the database.
  std::string All() { return DumpForComparison(db_->target()).value_or(""); }

  void ExpectRefused(const std::string& arguments, const std::string& object) {
    const std::string before = All();
    for (const char* how : {"", " --dry-run"}) {
      const Ran ran = Ballast("deploy " + arguments + how);
      EXPECT_EQ(ran.status, 1) << arguments << ran.out << ran.err;
      for (const std::string& words :
           {std::string("B605"), object + ": NULLS NOT DISTINCT (since PostgreSQL 15)",
            std::string("deploy to PostgreSQL 15 or newer")}) {
        EXPECT_NE((ran.out + ran.err).find(words), std::string::npos) << words << "\n"
                                                                      << ran.out << ran.err;
      }
    }
    EXPECT_EQ(All(), before) << arguments;
  }

  TemporaryFolder folder_{"older"};
  std::optional<TestDatabase> db_;
};

TEST_F(OlderServerDeployTest, AFreshReleaseAndAFreshDevelopmentDatabase) {
  WriteMigration("20240102000000_newer", kNewer);
  Good("release create v1.0.0");
  Good("baseline create");
  ExpectRefused("--strategy release", "index i");
  ExpectRefused("--strategy development", "index i");
  ExpectRefused("--strategy history", "migration 20240102000000_newer");
  EXPECT_EQ(All().find("CREATE TABLE"), std::string::npos);
}

TEST_F(OlderServerDeployTest, PendingMigrations) {
  Good("deploy --strategy history");
  WriteMigration("20240102000000_newer", kStepwise);
  ExpectRefused("--strategy history", "migration 20240102000000_newer");
}

TEST_F(OlderServerDeployTest, AnUpgradeOfARelease) {
  Good("release create v1.0.0");
  Good("deploy --strategy release");
  WriteMigration("20240102000000_newer", kNewer);
  Good("release create v1.1.0");
  ExpectRefused("--strategy release", "index i");
}

TEST_F(OlderServerDeployTest, AHotfix) {
  Good("release create v1.0.0");
  Good("deploy --strategy release");
  Write("fix.sql", kNewer);
  Good("hotfix new newer --sql fix.sql");
  ExpectRefused("--strategy release", "index i");
}

// What no table of features knows, the server still refuses, and the version is said.
TEST_F(OlderServerDeployTest, AnUnexpectedErrorLeavesNothing) {
  WriteMigration("20240102000000_newer",
                 "CREATE VIEW v AS SELECT (jsonb '{\"a\": 1}')['a'] AS s;\n");
  Good("release create v1.0.0");
  db_.emplace(13);
  const std::string before = All();
  const Ran ran = Ballast("deploy --strategy release");
  EXPECT_EQ(ran.status, 1) << ran.out << ran.err;
  EXPECT_NE((ran.out + ran.err).find("was proven on PostgreSQL 15 and this server is 13."),
            std::string::npos)
      << ran.out << ran.err;
  EXPECT_EQ(All(), before);
}

TEST_F(OlderServerDeployTest, SplitModeNamesTheVersionToo) {
  Good("baseline create");
  db_.emplace(13);
  Good("deploy --strategy development");
  WriteMigration("20240102000000_one", "CREATE INDEX CONCURRENTLY j ON t (a);\n");
  WriteMigration("20240103000000_newer", "SELECT (jsonb '{\"a\": 1}')['a'];\n");
  const Ran ran = Ballast("deploy --strategy development");
  EXPECT_NE(ran.status, 0);
  EXPECT_NE((ran.out + ran.err).find("was proven on PostgreSQL 15 and this server is 13."),
            std::string::npos)
      << ran.out << ran.err;
}

}  // namespace
}  // namespace ballast::testing
