// SPDX-License-Identifier: Apache-2.0
#include "workspace/config_edit.h"

#include <gtest/gtest.h>

#include "base/test_error_code.h"
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
                "# mine\nschema = \"é\" # x\naccepted = [\n  \"a \\\"b\\\"\",\n]\n"},
           Case{"#:schema https://x\n# mine\n\n[lint]\nallow = []\n", "",
                "#:schema https://x\n# mine\n\naccepted = [\n  \"a \\\"b\\\"\",\n]\n\n[lint]\n"
                "allow = []\n"},
           Case{"#:schema https://x\n[project.x]\nschema = \"s\"\n", "",
                "#:schema https://x\n\naccepted = [\n  \"a \\\"b\\\"\",\n]\n\n[project.x]\n"
                "schema = \"s\"\n"},
           Case{"schema = \"s\"\n# off = 1\n\n# about lint\n[lint]\n", "",
                "schema = \"s\"\n# off = 1\n\naccepted = [\n  \"a \\\"b\\\"\",\n]\n\n# about lint\n"
                "[lint]\n"},
           Case{"# é\naccepted = [ 'old',\n 'older' ] # keep\nschema = \"s\"\n", "",
                "# é\naccepted = [\n  \"a \\\"b\\\"\",\n] # keep\nschema = \"s\"\n"},
           Case{"accepted = [\n  # why\n  'a \"b\"', # because\n  'old' # gone\n]\n", "",
                "accepted = [\n  # why\n  'a \"b\"', # because\n]\n"},
           Case{"accepted = [\n  'old', # gone\n  # why\n  'older'\n]\n", "",
                "accepted = [\n  # why\n  \"a \\\"b\\\"\",\n]\n"},
           Case{"accepted = ['a \"b\"']\n", "", "accepted = ['a \"b\"']\n"},
           Case{"[project.x]\nschema = \"s\"\n", "",
                "accepted = [\n  \"a \\\"b\\\"\",\n]\n\n[project.x]\nschema = \"s\"\n"},
           Case{"[project.x] # one\nschema = \"s\"", "x",
                "[project.x] # one\nschema = \"s\"\naccepted = [\n  \"a \\\"b\\\"\",\n]\n"},
           Case{"[project]\nx = { schema = \"s\" }\n", "x",
                "[project]\nx = { schema = \"s\", accepted = [\n  \"a \\\"b\\\"\",\n] }\n"},
           Case{"project.x.schema = \"s\"\n[lint]\n", "x",
                "project.x.schema = \"s\"\nproject.\"x\".accepted = [\n  \"a \\\"b\\\"\",\n]\n\n"
                "[lint]\n"},
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
  // Nothing to accept, and what the whole file accepts.
  EXPECT_EQ(*WithAccepted("# mine\n", "f", "", {}), "# mine\n");
  EXPECT_EQ(*WithAccepted("accepted = ['a']\nschema = 's'\n", "f", "", {}), "schema = 's'\n");
  const char* shared = "accepted = ['a']\n[project.x]\nschema = 's'\n";
  EXPECT_EQ(*WithAccepted(shared, "f", "x", {"a"}), shared);
  EXPECT_EQ(ErrorCodeOf(WithAccepted("x = ", "f", "", {})), "B101");
}

}  // namespace
}  // namespace ballast::workspace
