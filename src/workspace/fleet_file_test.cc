// SPDX-License-Identifier: Apache-2.0
#include "workspace/fleet_file.h"

#include <gtest/gtest.h>

namespace ballast::workspace {
namespace {

TEST(FleetFile, ReadsTargets) {
  const auto file = ParseFleetFile(R"(url_template = "env:BASE"
[[target]]
name = "acme"
url = "env:ACME_URL"
groups = ["canary", "eu"]
labels = { plan = "pro" }

[[target]]
name = "globex"
database = "tenant_2"
schema = "app"
)",
                                   "fleet.toml");
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file->url_template, "env:BASE");
  ASSERT_EQ(file->targets.size(), 2U);
  EXPECT_EQ(file->targets[0].name, "acme");
  EXPECT_EQ(file->targets[0].url, "env:ACME_URL");
  EXPECT_EQ(file->targets[0].groups, (std::vector<std::string>{"canary", "eu"}));
  EXPECT_EQ(file->targets[0].labels.at("plan"), "pro");
  EXPECT_EQ(file->targets[1].database, "tenant_2");
  EXPECT_EQ(file->targets[1].schema, "app");
  EXPECT_EQ(file->targets[1].line, 8);
}

TEST(FleetFile, RefusesInvalidEntries) {
  const struct {
    const char* text;
    const char* message;
    int line;
  } cases[] = {
      {"[[target", "it is not TOML", 1},
      {"targets = 1", "the key \"targets\" is not known", 1},
      {"[target]\nname = \"a\"", "write [[target]]", 1},
      {"[[target]]\nurl = \"env:A\"", "a target has no \"name\"", 1},
      {"[[target]]\nname = \"\"", "a target has no \"name\"", 1},
      {"[[target]]\nname = 1", "the value of \"name\" is not a string", 2},
      {"[[target]]\nname = \"a\"\ngroups = \"x\"", "a list of strings", 3},
      {"[[target]]\nname = \"a\"\nlabels = [\"x\"]", "a table such as", 3},
      {"[[target]]\nname = \"a\"\nlabels = { x = 1 }", "the value of \"x\" is not a string", 3},
      {"[[target]]\nname = \"a\"\nhost = \"x\"", "the key \"host\" is not known", 3},
      {"[[target]]\nname = \"a\"\nurl = \"x\"\nurl_command = \"y\"", "both", 1},
      {"[[target]]\nname = \"a\"\n[[target]]\nname = \"a\"", "two targets are named \"a\"", 3},
  };
  for (const auto& one : cases) {
    const auto file = ParseFleetFile(one.text, "fleet.toml");
    ASSERT_FALSE(file.ok()) << one.text;
    EXPECT_EQ(file.error().code, ErrorCode::kConfigInvalid) << one.text;
    EXPECT_NE(file.error().message.find(one.message), std::string::npos) << file.error().message;
    EXPECT_EQ(file.error().where.line, one.line) << one.text;
  }
}

}  // namespace
}  // namespace ballast::workspace
