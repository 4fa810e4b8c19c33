// SPDX-License-Identifier: Apache-2.0
// What is chosen in the layouts of tests/golden/layouts.txt.
#include "workspace/layout_cases.h"
#include "workspace/project.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

std::string Shown(const fs::path& path, const TestFolder& folder) {
  return path.empty() ? "-" : path.lexically_relative(folder.Path()).string();
}

// "B102 words": the error has that code, and the words in its message or hint.
void ExpectError(const Error& error, const std::string& expected) {
  const std::string code = expected.substr(0, expected.find(' '));
  const std::string words = expected.substr(code.size() + 1);
  EXPECT_EQ(CodeOf(error.code), code) << error.message;
  const std::string text = error.message + " " + error.hint + " " + error.where.file;
  EXPECT_NE(text.find(words), std::string::npos) << text;
}

void ExpectUrl(const LayoutCase& c, const Project& project) {
  const std::string url = c.Expected("url");
  const std::string error = c.Expected("url-error");
  if (url.empty() && error.empty()) return;
  const auto environment = LoadEnvironment(project.DotenvPlaces(), c.variables);
  ASSERT_TRUE(environment.ok()) << environment.error().message;
  const auto chosen = ChooseUrl(project.UrlChoiceWith(""), *environment);
  if (!error.empty()) {
    ASSERT_FALSE(chosen.ok()) << chosen->url;
    return ExpectError(chosen.error(), error);
  }
  if (url == "DATABASE_URL") {  // the schema names it, and it is not set
    ASSERT_FALSE(chosen.ok());
    EXPECT_EQ(chosen.error().message, "Environment variable not found: DATABASE_URL.");
    return;
  }
  ASSERT_TRUE(chosen.ok()) << chosen.error().message;
  EXPECT_EQ(chosen->url, url);
}

class LayoutsTest : public testing::TestWithParam<LayoutCase> {};

TEST_P(LayoutsTest, AreUnderstood) {
  const LayoutCase& c = GetParam();
  const TestFolder folder;
  WriteLayout(c, folder);
  Overrides overrides;
  if (c.options.contains("schema")) overrides.schema = c.options.at("schema");
  if (c.options.contains("project")) overrides.project = c.options.at("project");
  const auto project = FindProject(folder.Path() / c.start, overrides, c.variables);
  if (const std::string error = c.Expected("error"); !error.empty()) {
    ASSERT_FALSE(project.ok()) << Shown(project->schema, folder);
    return ExpectError(project.error(), error);
  }
  ASSERT_TRUE(project.ok()) << project.error().message;
  const std::map<std::string, std::string> found = {
      {"schema", Shown(project->schema, folder)},
      {"migrations", Shown(project->migrations, folder)},
      {"package", Shown(project->package, folder)},
      {"identity", project->identity.schema},
      {"name", project->identity.name}};
  for (const auto& [key, value] : found) {
    if (c.expected.contains(key)) {
      EXPECT_EQ(value, c.Expected(key)) << key;
    }
  }
  ExpectUrl(c, *project);
}

std::string NameOf(const testing::TestParamInfo<LayoutCase>& info) {
  std::string name;
  for (const char c : info.param.name) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) name += c;
    if (c == ' ') name += '_';
  }
  return name + "_" + std::to_string(info.index);
}

INSTANTIATE_TEST_SUITE_P(All, LayoutsTest, testing::ValuesIn(ReadLayoutCases()), NameOf);

TEST(LayoutsTableTest, HasManyCases) {
  EXPECT_GE(ReadLayoutCases().size(), 60U);
}

}  // namespace
}  // namespace ballast::workspace
