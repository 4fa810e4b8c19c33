// SPDX-License-Identifier: Apache-2.0
#include "workspace/config_edit.h"

#include <gtest/gtest.h>

#include "workspace/config.h"

namespace ballast::workspace {
namespace {

TEST(WithAcceptedTest, KeepsTheRestOfTheText) {
  struct Case {
    const char* text;
    const char* project;
    const char* expected;
  };
  for (const Case& c : {
           Case{"", "", "accepted = [\n  \"a \\\"b\\\"\",\n]\n"},
           Case{"# mine\nschema = \"é\" # x\n", "",
                "accepted = [\n  \"a \\\"b\\\"\",\n]\n# mine\nschema = \"é\" # x\n"},
           Case{"# é\naccepted = [ 'old',\n 'older' ] # keep\nschema = \"s\"\n", "",
                "# é\naccepted = [\n  \"a \\\"b\\\"\",\n] # keep\nschema = \"s\"\n"},
           Case{"[project.x]\nschema = \"s\"\n", "",
                "accepted = [\n  \"a \\\"b\\\"\",\n]\n[project.x]\nschema = \"s\"\n"},
           Case{"[project.x] # one\nschema = \"s\"", "x",
                "[project.x] # one\naccepted = [\n  \"a \\\"b\\\"\",\n]\nschema = \"s\""},
           Case{"[project.x]\nschema = \"s\"\naccepted = []\n[project.y]\nschema = \"t\"\n", "x",
                "[project.x]\nschema = \"s\"\naccepted = [\n  \"a \\\"b\\\"\",\n]\n[project.y]\n"
                "schema = \"t\"\n"},
       }) {
    const auto changed = WithAccepted(c.text, "f", c.project, {"a \"b\""});
    ASSERT_TRUE(changed.ok()) << changed.error().message;
    EXPECT_EQ(*changed, c.expected);
    const auto config = ParseConfig(*changed, "f");
    ASSERT_TRUE(config.ok()) << config.error().message;
    const auto& accepted =
        *c.project == '\0' ? config->accepted : config->projects.front().accepted;
    EXPECT_EQ(accepted, (std::vector<std::string>{"a \"b\""}));
  }
  EXPECT_FALSE(WithAccepted("x = ", "f", "", {}).ok());
}

}  // namespace
}  // namespace ballast::workspace
