// SPDX-License-Identifier: Apache-2.0
#include "cli/given_options.h"

#include <gtest/gtest.h>

namespace ballast::cli {
namespace {

TEST(GivenOptionsTest, RepeatsThemInCommands) {
  Options options;
  options.directory = "my app";
  options.project = "web";
  const GivenOptions given(options, {});
  struct Case {
    const char* text;
    const char* expected;
  };
  for (
      const Case& c : {
          Case{"run ballast deploy --adopt",
               "run ballast -C 'my app' --project web deploy --adopt"},
          Case{
              "`ballast status`; then: ballast deploy",
              "`ballast -C 'my app' --project web status`; then: ballast -C 'my app' --project web "
              "deploy"},
          Case{
              "ballast deploy --project api; ballast status",
              "ballast -C 'my app' deploy --project api; ballast -C 'my app' --project web status"},
          Case{"ballast works with PostgreSQL only", "ballast works with PostgreSQL only"},
          Case{"set `schema` in ballast.toml", "set `schema` in ballast.toml"},
          Case{"/opt/ballast deploy", "/opt/ballast deploy"},
      }) {
    EXPECT_EQ(given.RepeatIn(c.text), c.expected);
  }
  EXPECT_EQ(given.RepeatInRemedies("made by ballast deploy\n   → run ballast deploy\n"),
            "made by ballast deploy\n   → run ballast -C 'my app' --project web deploy\n");
}

TEST(GivenOptionsTest, RepeatsTheGoalOfADeploy) {
  Options options;
  run::DeployOptions deploy;
  deploy.strategy = "release";
  deploy.trusted_keys = {"a.pub"};
  options.command = deploy;
  const GivenOptions given(options, {});
  EXPECT_EQ(given.RepeatIn("or accept them: ballast deploy --allow-drift"),
            "or accept them: ballast deploy --strategy release --trusted-key a.pub --allow-drift");
  EXPECT_EQ(given.RepeatIn("ballast deploy --strategy history; then: ballast release list"),
            "ballast deploy --trusted-key a.pub --strategy history; then: ballast release list");
  EXPECT_EQ(given.RepeatIn("ballast resolve --applied \"a\""), "ballast resolve --applied \"a\"");
  options.directory = "app";
  EXPECT_EQ(GivenOptions(options, {}).RepeatIn("ballast repair; ballast deploy"),
            "ballast -C app repair; ballast -C app deploy --strategy release --trusted-key a.pub");
}

TEST(GivenOptionsTest, RepeatsTheGoalOfAFleetAndOfAResolution) {
  Options options;
  commands::FleetDeployOptions fleet;
  fleet.deploy.strategy = "history";
  fleet.deploy.trusted_keys = {"a.pub"};
  options.command = fleet;
  EXPECT_EQ(GivenOptions(options, {}).RepeatIn("ballast deploy --adopt"),
            "ballast deploy --strategy history --trusted-key a.pub --adopt");
  commands::ResolveOptions resolve;
  resolve.strategy = "release";
  resolve.branch = "main";
  options.command = resolve;
  EXPECT_EQ(GivenOptions(options, {}).RepeatIn("then: ballast deploy"),
            "then: ballast deploy --strategy release --branch main");
  commands::LogOptions log;
  log.strategy = "release";  // what it lists
  options.command = log;
  EXPECT_EQ(GivenOptions(options, {}).RepeatIn("ballast deploy"), "ballast deploy");
}

TEST(GivenOptionsTest, APackageIsNotRepeatedWhereAnotherIsMade) {
  Options options;
  options.directory = "app";
  options.package = "v1.tar.zst";
  const GivenOptions given(options, {});
  EXPECT_EQ(given.RepeatIn("ballast release create v2; then: ballast deploy"),
            "ballast -C app release create v2; then: ballast -C app --package v1.tar.zst deploy");
  EXPECT_EQ(given.RepeatIn("ballast release verify"),
            "ballast -C app --package v1.tar.zst release verify");
}

TEST(GivenOptionsTest, RepeatsThemInJson) {
  Options options;
  options.schema = "db/schema.prisma";
  const GivenOptions given(options, {});
  const std::string changed = given.RepeatInJson(
      R"({"error": {"message": "ballast deploy", "hint": "ballast deploy"}, "remedies": ["ballast status"]})");
  EXPECT_NE(changed.find(R"("message": "ballast deploy")"), std::string::npos) << changed;
  EXPECT_NE(changed.find(R"("hint": "ballast --schema db/schema.prisma deploy")"),
            std::string::npos)
      << changed;
  EXPECT_NE(changed.find(R"("ballast --schema db/schema.prisma status")"), std::string::npos)
      << changed;
}

TEST(GivenOptionsTest, NamesTheDatabaseWithoutItsPassword) {
  const std::string masked = "'postgresql://u:***@h:1/a?sslmode=require'";
  const struct {
    const char* url;
    std::string word;
  } cases[] = {
      {"postgresql://u:sesame@h:1/x", "\"$X_URL\""},
      {"postgresql://u:sesame@h:1/a?sslmode=require", masked},
      {"postgresql://u:s'es<ame@h:1/a?sslmode=require", masked},
      {"postgresql://u@h/a", "'postgresql://u@h/a'"},
      {"postgresql://h/a?password=sesame", "'…'"},
      {"postgresql://u:x@h/a?password=sesame", "'…'"},
      {"host=h dbname=a password=sesame", "'…'"},
      {"host=h dbname=a", "'host=h dbname=a'"},
      {"mysql://u:sesame@h/a", "'…'"},
  };
  const GivenOptions::Variables variables = {{"1BAD", "postgresql://u:sesame@h:1/x"},
                                             {"A", "other"},
                                             {"X_URL", "postgresql://u:sesame@h:1/x"}};
  Options options;
  options.directory = "app";
  for (const auto& one : cases) {
    options.database_url = one.url;
    const GivenOptions given(options, variables);
    EXPECT_EQ(given.RepeatIn("ballast repair --dry-run"),
              "ballast -C app repair --database-url " + one.word + " --dry-run");
  }
  options.directory = ".";
  EXPECT_EQ(GivenOptions(options, variables).RepeatInRemedies("   → ballast repair\n"),
            "   → ballast repair --database-url '…'\n");
}

TEST(GivenOptionsTest, LeavesTextWithoutThem) {
  EXPECT_EQ(GivenOptions(Options(), {}).RepeatIn("ballast deploy"), "ballast deploy");
}

}  // namespace
}  // namespace ballast::cli
