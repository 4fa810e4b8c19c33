// SPDX-License-Identifier: Apache-2.0
#include "workspace/config.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ballast::workspace {
namespace {

TEST(ConfigTest, ReadsEveryKey) {
  const auto config = ParseConfig(R"(
schema = "db/schema.prisma"
migrations = "db/migrations"
package = "deploy"
release_branches = ["release/*", "v*"]
strategy = "release"
setup_script = "db/setup.sql"
ignore = ["audit.*"]
trusted_keys = ["k"]
lock_timeout = "30s"
statement_timeout = 1500
scratch_url = "postgresql://localhost/postgres"
)",
                                  "ballast.toml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->schema, "db/schema.prisma");
  EXPECT_EQ(config->migrations, "db/migrations");
  EXPECT_EQ(config->package, "deploy");
  EXPECT_EQ(config->release_branches, (std::vector<std::string>{"release/*", "v*"}));
  EXPECT_EQ(config->strategy, "release");
  EXPECT_EQ(config->setup_script, "db/setup.sql");
  EXPECT_EQ(config->ignore, (std::vector<std::string>{"audit.*"}));
  EXPECT_EQ(config->trusted_keys, (std::vector<std::string>{"k"}));
  EXPECT_EQ(config->lock_timeout_ms, 30'000);
  EXPECT_EQ(config->statement_timeout_ms, 1500);
  EXPECT_EQ(config->scratch_url, "postgresql://localhost/postgres");
}

TEST(ConfigTest, ReadsThresholds) {
  const auto config = ParseConfig(R"(
[thresholds]
window = "7d"
fresh_deploy = { warn = "1min", alert = 300000 }
success_rate = { alert = 92.5 }
[thresholds.drift]
warn = 3
)",
                                  "ballast.toml");
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->window_ms, int64_t{7} * 24 * 3600 * 1000);
  ASSERT_EQ(config->thresholds.size(), 3u);
  for (const ThresholdSetting& setting : config->thresholds) {
    if (setting.name == "fresh_deploy") {
      EXPECT_EQ(setting.warn, 60);
      EXPECT_EQ(setting.alert, 300);
    } else if (setting.name == "success_rate") {
      EXPECT_EQ(setting.warn, std::nullopt);
      EXPECT_EQ(setting.alert, 92.5);
    } else {
      EXPECT_EQ(setting.name, "drift");
      EXPECT_EQ(setting.warn, 3);
    }
  }
}

TEST(ConfigTest, HasDefaults) {
  const auto config = ParseConfig("", "ballast.toml");
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->release_branches, (std::vector<std::string>{"railway-template-v*"}));
  EXPECT_EQ(config->lock_timeout_ms, std::nullopt);
}

TEST(ConfigTest, SaysWhichLineIsWrong) {
  struct Case {
    const char* text;
    const char* says;
    int line;
  };
  for (const Case& c : {
           Case{"\nschemas = \"x\"", "\"schemas\" is not known; did you mean 'schema'?", 2},
           Case{"[deploy]\nx = 1", "\"deploy\" is not known", 1},
           Case{"[projct.a]\nschema = 'a'", "\"projct\" is not known; did you mean 'project'?", 1},
           Case{"[lint]\nalow = []", "\"alow\" is not known; did you mean 'allow'?", 2},
           Case{"schema = 1", "\"schema\" is not a string", 1},
           Case{"schema = \"\"", "the value of \"schema\" is empty", 1},
           Case{"[project.a]\nschema = ''", "the value of \"schema\" is empty", 2},
           Case{"ignore = [\"a\", \"\"]", "the value of \"ignore\" is empty", 1},
           Case{"\n\nignore = \"x\"", "\"ignore\" is not a list", 3},
           Case{"ignore = [1]", "\"ignore\" is not a list", 1},
           Case{"strategy = \"fast\"", "\"strategy\" is not one of", 1},
           Case{"strategy = \"histroy\"", "history; did you mean 'history'?", 1},
           Case{"lock_timeout = -1", "\"lock_timeout\" is not a time", 1},
           Case{"lock_timeout = \"soon\"", "\"lock_timeout\" is not a time", 1},
           Case{"thresholds = 1", "write [thresholds]", 1},
           Case{"[thresholds]\nsuccess = { warn = 1 }", "\"success\" is not known", 2},
           Case{"[thresholds]\ndrift = 1", "write { warn = …, alert = … }", 2},
           Case{"[thresholds]\ndrift = { warning = 1 }", "\"warning\" is not known", 2},
           Case{"[thresholds]\ndrift = { warn = true }", "\"warn\" is not a number", 2},
           Case{"[thresholds]\ndrift = { warn = -1 }", "\"warn\" is not a number", 2},
           Case{"[thresholds]\ndrift = { warn = nan }", "\"warn\" is not a number", 2},
           Case{"[thresholds]\ndrift = { alert = inf }", "\"alert\" is not a number", 2},
           Case{"[thresholds]\napply = { alert = \"soon\" }", "\"alert\" is not a time", 2},
           Case{"[thresholds]\napply = { warn = \"5min\", alert = \"1min\" }",
                "the warning threshold of \"apply\" is past its alert threshold", 2},
           Case{"[thresholds]\nsuccess_rate = { warn = 90, alert = 98 }", "is past its alert", 2},
           Case{"[thresholds]\nwindow = \"x\"", "\"window\" is not a time", 2},
           Case{"[thresholds]\nwindow = \"0d\"", "\"window\" is not a time of more than 0", 2},
           Case{"[thresholds]\nsuccess_rate = { warn = 101 }", "is more than 100 percent", 2},
           Case{"[project.a]\nschema = 'a'\npackage = 'x'\n"
                "[project.b]\nschema = 'b'\npackage = './y/../x/'",
                "[project.a] and [project.b] have the same package folder, x", 1},
           Case{"[project.a]\nschema = 'a'\n"
                "[project.b]\nschema = 'b'\npackage = '.ballast/a'",
                "[project.a] and [project.b] have the same package folder, .ballast/a", 1},
           Case{"schema = ", "not TOML", 1},
           Case{"schema = \"a\"\nschema = \"b\"", "not TOML", 2},
       }) {
    const auto config = ParseConfig(c.text, "ballast.toml");
    ASSERT_FALSE(config.ok()) << c.text;
    EXPECT_EQ(CodeOf(config.error().code), "B101");
    EXPECT_NE(config.error().message.find(c.says), std::string::npos) << config.error().message;
    EXPECT_EQ(config.error().where, (Place{"ballast.toml", c.line})) << c.text;
  }
}

// Characters that toml++ 3.3 believes impossible, where one may stand and where none may.
TEST(ConfigTest, ReadsEveryCharacter) {
  for (const char* character : {"\u00e9", "\u0416", "\u1680", "\u1700", "\u2030", "\u3007",
                                "\ufb33", "\ufef7", "\U0001f600"}) {
    const std::string text = character;
    const auto inside = ParseConfig(fmt::format("schema = \"\"\"\\\n{0}x\"\"\" # {0}", text), "f");
    ASSERT_TRUE(inside.ok()) << text << inside.error().message;
    // What is white space is skipped there.
    EXPECT_EQ(inside->schema, (text == "\u1680" ? "" : text) + "x");
    for (const std::string& outside : {text, text + " = 1", "schema = " + text, "schema " + text}) {
      const auto config = ParseConfig(outside, "f");
      ASSERT_FALSE(config.ok()) << outside;
      EXPECT_NE(config.error().message.find("TOML"), std::string::npos) << config.error().message;
    }
  }
}

}  // namespace
}  // namespace ballast::workspace
