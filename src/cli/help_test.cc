// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "cli/options.h"

namespace ballast::cli {
namespace {

// The words of an example: without a variable before them, an explanation or a redirection behind.
std::vector<std::string> WordsOf(std::string line) {
  line.erase(0, line.find("ballast "));
  const size_t end = std::min({line.find("  "), line.find(" > "), line.size()});
  std::vector<std::string> words = Split(line.substr(0, end), ' ');
  words.erase(words.begin());
  return words;
}

std::string HelpOf(const std::string& command) {
  std::vector<std::string> words = Split(command, ' ');
  if (command.empty()) words.clear();
  words.emplace_back("--help");
  const auto parsed = ParseOptions(words);
  return parsed ? std::get<TextToPrint>(*parsed).text : parsed.error().message;
}

TEST(HelpTest, EveryExampleIsUnderstoodAndOfItsCommand) {
  int examples = 0;
  for (const std::string command :
       {"", "deploy", "status", "release create", "release verify", "release diff", "hotfix new",
        "hotfix merge", "baseline create", "resolve", "schema sql", "schema check", "squash",
        "lint", "catalog diff", "scratch", "key new"}) {
    for (const std::string& line : Split(HelpFooter(command), '\n')) {
      if (!line.starts_with("  ")) continue;
      ++examples;
      EXPECT_NE(line.find("ballast " + command), std::string::npos) << line;
      const auto parsed = ParseOptions(WordsOf(line));
      EXPECT_TRUE(parsed.ok()) << line << "\n" << parsed.error().message;
    }
    EXPECT_NE(HelpOf(command).find("Examples:"), std::string::npos) << command;
  }
  EXPECT_GT(examples, 25);
}

TEST(HelpTest, EveryCommandSaysWhereTheOptionsOfAllAre) {
  for (const char* command : {"release", "release list", "doctor", "hotfix seal"}) {
    EXPECT_NE(HelpOf(command).find("ballast --help"), std::string::npos) << command;
  }
  EXPECT_NE(HelpOf("").find("Exit status: 0"), std::string::npos);
}

// What the parser's library would add of its own accord.
TEST(HelpTest, ChoicesAreNamedOnce) {
  for (const char* command : {"", "release create", "baseline create", "schema sql"}) {
    EXPECT_EQ(HelpOf(command).find('{'), std::string::npos) << HelpOf(command);
  }
}

}  // namespace
}  // namespace ballast::cli
