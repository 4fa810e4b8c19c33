// SPDX-License-Identifier: Apache-2.0
// The layouts of tests/golden/layouts.txt, judged by Prisma's own loaders (tools/prisma-loader).
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "workspace/layout_cases.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string OutputOf(const std::string& command) {
  std::string output;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::array<char, 4096> bytes;
  while (const size_t got = std::fread(bytes.data(), 1, bytes.size(), pipe.get())) {
    output.append(bytes.data(), got);
  }
  return output;
}

std::string Shown(const json& answer, const char* key, const fs::path& top) {
  const std::string path = answer.value(key, "");
  return path.empty() ? "-" : fs::path(path).lexically_relative(top).string();
}

void Compare(const LayoutCase& c, const json& answer, const fs::path& top) {
  if (c.is_only_answered) {
    EXPECT_FALSE(answer.contains("error")) << answer;
    EXPECT_TRUE(answer.contains("url") || c.Expected("url-error").empty()) << answer;
    return;
  }
  if (c.expected.contains("error")) {
    EXPECT_TRUE(answer.contains("error")) << answer;
    return;
  }
  if (c.expected.contains("url-error")) {
    EXPECT_FALSE(answer.contains("url")) << answer;
    return;
  }
  ASSERT_FALSE(answer.contains("error")) << answer;
  for (const char* key : {"schema", "migrations"}) {
    if (c.expected.contains(key)) {
      EXPECT_EQ(Shown(answer, key, top), c.Expected(key));
    }
  }
  const std::string url = c.Expected("url");
  if (!url.empty() && url != "DATABASE_URL") {
    EXPECT_EQ(answer.value("url", ""), url);
  }
}

// The version that ballast assumes if the layout does not specify one.
std::string VersionFor(const LayoutCase& c) {
  if (!c.prisma.empty()) return c.prisma;
  const bool has_url = std::ranges::any_of(c.files, [](const auto& file) {
    return file.first.ends_with(".prisma") &&
           LayoutFile(file.second).find("url ") != std::string::npos;
  });
  return has_url ? "6.19.0" : "7.10.0";
}

json Question(const LayoutCase& c, const std::string& version, const fs::path& top) {
  const std::string start = c.judge_start.empty() ? c.start : c.judge_start;
  json question = {{"prisma", version},
                   {"directory", (top / start).lexically_normal().string()},
                   {"variables", c.variables}};
  if (c.options.contains("schema") && c.judge_start.empty()) {
    question["schema"] = c.options.at("schema");
  }
  if (!c.judge_schema.empty()) question["schema"] = c.judge_schema;
  return question;
}

TEST(SlowPrismaLoaderTest, AgreesWithTheTableOfLayouts) {
  const char* loader = std::getenv("BALLAST_PRISMA_LOADER");
  if (loader == nullptr) {
    GTEST_SKIP()
        << "NOT TESTED: BALLAST_PRISMA_LOADER is not set; eval \"$(tools/judges)\" sets it";
  }
  std::vector<LayoutCase> judged;
  std::vector<std::unique_ptr<TestFolder>> folders;
  std::map<std::string, size_t> counts;  // by version
  json questions = json::array();
  for (LayoutCase& c : ReadLayoutCases()) {
    if (!c.judged) continue;
    const std::string version = VersionFor(c);
    ++counts[version];
    c.prisma.clear();  // the loader's own packages are what the configuration imports
    folders.push_back(std::make_unique<TestFolder>());
    WriteLayout(c, *folders.back());
    questions.push_back(Question(c, version, folders.back()->Path()));
    judged.push_back(std::move(c));
  }
  EXPECT_GE(judged.size(), 275U);
  EXPECT_GE(counts["6.19.0"], 60U);
  const TestFolder folder;
  folder.Write("questions.json", questions.dump());
  const std::string questions_file = (folder.Path() / "questions.json").string();
  const json answers =
      json::parse(OutputOf("node '" + std::string(loader) + "' < '" + questions_file + "'"),
                  nullptr, /*allow_exceptions=*/false);
  ASSERT_EQ(answers.size(), judged.size()) << answers;
  for (size_t i = 0; i < judged.size(); ++i) {
    SCOPED_TRACE(judged[i].name);
    Compare(judged[i], answers[i], folders[i]->Path());
  }
}

}  // namespace
}  // namespace ballast::workspace
