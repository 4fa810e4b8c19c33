// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <gtest/gtest.h>

#include <string_view>

#include "base/text.h"
#include "cli/options.h"

namespace ballast::cli {
namespace {

// The arguments of an example, as a shell splits them; without what precedes the program, a
// redirection or an explanation.
std::vector<std::string> ArgumentsOf(const std::string& line) {
  std::vector<std::string> arguments(1);
  char quote = 0;
  for (size_t i = line.find("ballast ") + 8; i < line.size(); ++i) {
    const std::string_view rest = std::string_view(line).substr(i);
    if (quote != 0 && line[i] == quote) {
      quote = 0;
    } else if (quote != 0) {
      arguments.back() += line[i];
    } else if (line[i] == '\'' || line[i] == '"') {
      quote = line[i];
    } else if (rest.starts_with("  ") || rest.starts_with(" > ") || rest.starts_with(" | ") ||
               rest.starts_with(")")) {
      break;
    } else if (line[i] == ' ') {
      arguments.emplace_back();
    } else {
      arguments.back() += line[i];
    }
  }
  return arguments;
}

std::string HelpOf(const std::string& command) {
  std::vector<std::string> words = Split(command, ' ');
  if (command.empty()) words.clear();
  words.emplace_back("--help");
  const auto parsed = ParseOptions(words);
  return parsed ? std::get<TextToPrint>(*parsed).text : parsed.error().message;
}

TEST(HelpTest, EveryExampleIsValidAndUsesItsCommand) {
  int examples = 0;
  for (const std::string_view name : CommandsWithExamples()) {
    const std::string command(name);
    const std::string examples_text = ReplaceAll(HelpFooter(command), " \\\n   ", "");
    for (const std::string& line : Split(examples_text, '\n')) {
      if (!line.starts_with("  ")) continue;
      ++examples;
      EXPECT_NE(line.find("ballast " + command), std::string::npos) << line;
      const auto parsed = ParseOptions(ArgumentsOf(line));
      EXPECT_TRUE(parsed.ok()) << line << "\n" << parsed.error().message;
    }
    EXPECT_NE(HelpOf(command).find("Examples:"), std::string::npos) << command;
  }
  EXPECT_GT(examples, 25);
}

TEST(HelpTest, EveryCommandReferencesTheGlobalOptions) {
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
