// SPDX-License-Identifier: Apache-2.0
// A packaged project of Prisma 7: its own loader reads the packaged configuration, and its engine
// agrees with what ballast deployed, in both directions.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class Prisma7Test : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::getenv("BALLAST_PRISMA7") == nullptr ||
        std::getenv("BALLAST_PRISMA_LOADER") == nullptr) {
      GTEST_SKIP() << "NOT TESTED: BALLAST_PRISMA7 and BALLAST_PRISMA_LOADER are not set; eval "
                      "\"$(tools/judges)\" sets them";
    }
    Write("package.json", R"({"devDependencies": {"prisma": "7.10.0"}})");
    Write("prisma.config.ts",
          "import { defineConfig, env } from \"prisma/config\";\n"
          "export default defineConfig({ datasource: { url: env(\"APP_URL\") } });\n");
    Write(
        "prisma/schema.prisma",
        "datasource db {\n  provider = \"postgresql\"\n}\nmodel A {\n  id Int @id\n  v  Int\n}\n");
    Write("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n");
    Write("prisma/migrations/20240101000000_init/migration.sql",
          "CREATE TABLE \"A\" (\"id\" INTEGER NOT NULL, CONSTRAINT \"A_pkey\" PRIMARY KEY "
          "(\"id\"));\n");
    Write("prisma/migrations/20240102000000_v/migration.sql",
          "ALTER TABLE \"A\" ADD COLUMN \"v\" INTEGER NOT NULL;\n");
    const Ran made = Ballast("release create v1", "");
    ASSERT_EQ(made.status, 0) << made.out << made.err;
  }

  void Write(const std::string& name, const std::string& text) const {
    WriteFile(folder_.path() / name, text);
  }
  Ran Ballast(const std::string& arguments, const std::string& url) const {
    return RunIn(folder_.path(), "ballast " + arguments, {{"APP_URL", url}});
  }
  // What the packaged configuration tells Prisma, as Prisma 7's own loader understands it.
  json PackagedConfig(const std::string& url) const {
    const json questions = {{{"prisma", "7.10.0"},
                             {"directory", folder_.path().string()},
                             {"variables", {{"APP_URL", url}}},
                             {"config", ".ballast/prisma.release.config.ts"}}};
    Write("questions.json", questions.dump());
    const Ran ran = RunIn(folder_.path(), fmt::format("node '{}' < questions.json",
                                                      std::getenv("BALLAST_PRISMA_LOADER")));
    EXPECT_EQ(ran.status, 0) << ran.err;
    return json::parse(ran.out).at(0);
  }
  Ran Engine(const std::string& command, const json& config) const {
    return RunIn(folder_.path(), fmt::format("'{}' {}", std::getenv("BALLAST_PRISMA7"), command),
                 {{"DATABASE_URL", config.at("url")},
                  {"SCHEMA_PATH", config.at("schema")},
                  {"MIG_PATH", config.at("migrations")}});
  }

  TemporaryFolder folder_{"prisma7"};
};

using SlowPrisma7Test = Prisma7Test;

TEST_F(SlowPrisma7Test, LoadsThePackagedConfiguration) {
  const json config = PackagedConfig("postgresql://h/d");
  ASSERT_FALSE(config.contains("error")) << config;
  EXPECT_EQ(config.at("url"), "postgresql://h/d");
  EXPECT_EQ(config.at("schema"), (folder_.path() / ".ballast/schema.release.prisma").string());
  EXPECT_EQ(fs::path(config.at("migrations")).lexically_normal(),
            folder_.path() / ".ballast/release-migrations");
}

TEST_F(SlowPrisma7Test, FindsNothingToDoAfterADeploy) {
  const TestDatabase db;
  const Ran deployed = Ballast("deploy --strategy release", db.Url());
  ASSERT_EQ(deployed.status, 0) << deployed.out << deployed.err;
  const json config = PackagedConfig(db.Url());
  ASSERT_FALSE(config.contains("error")) << config;
  const Ran status = Engine("diagnose", config);
  ASSERT_EQ(status.status, 0) << status.err;
  const json answer = json::parse(status.out);
  EXPECT_TRUE(answer.at("history").is_null()) << answer;
  EXPECT_TRUE(answer.at("failedMigrationNames").empty()) << answer;
  EXPECT_TRUE(answer.at("editedMigrationNames").empty()) << answer;
  const Ran again = Engine("deploy", config);
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_TRUE(json::parse(again.out).at("appliedMigrationNames").empty()) << again.out;
}

TEST_F(SlowPrisma7Test, DeploysThePackageSoThatBallastFindsNothingToDo) {
  const TestDatabase db;
  const json config = PackagedConfig(db.Url());
  ASSERT_FALSE(config.contains("error")) << config;
  const Ran deployed = Engine("deploy", config);
  ASSERT_EQ(deployed.status, 0) << deployed.err;
  EXPECT_EQ(json::parse(deployed.out).at("appliedMigrationNames"), json::array({"0_baseline"}));
  const Ran status = Ballast("status --strategy release", db.Url());
  EXPECT_EQ(status.status, 0) << status.out << status.err;
}

}  // namespace
}  // namespace ballast::testing
