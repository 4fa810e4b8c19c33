// SPDX-License-Identifier: Apache-2.0
#include "cli/options.h"

#include <gtest/gtest.h>

namespace ballast::cli {
namespace {

TEST(OptionsTest, AChoiceIsOneOfItsWords) {
  struct Case {
    std::string option;
    std::string word;
    std::string problem;  // empty: understood
  };
  const Case cases[] = {
      {"--output", "text", ""},
      {"--output", "json", ""},
      {"--output", "0", "--output: '0' must be one of text, json"},
      {"--output", "1", "--output: '1' must be one of text, json"},
      {"--output", "jsn", "--output: 'jsn' must be one of text, json; did you mean 'json'?"},
      {"--output", "", "--output: '' must be one of text, json"},
      {"--color", "never", ""},
      {"--fail-on", "foo", "--fail-on: 'foo' must be 'alert'"},
      {"--color", "2", "--color: '2' must be one of auto, always, never"},
      {"--color", "alway",
       "--color: 'alway' must be one of auto, always, never; did you mean 'always'?"},
  };
  for (const Case& c : cases) {
    const auto parsed = ParseOptions({"log", "--summary", c.option, c.word});
    EXPECT_EQ(parsed.ok(), c.problem.empty()) << c.option << " " << c.word;
    if (!parsed) {
      EXPECT_EQ(parsed.error().message, c.problem);
      EXPECT_EQ(parsed.error().code, ErrorCode::kUsageError);
    }
  }
}

TEST(OptionsTest, AnEmptyValueIsNoValue) {
  struct Case {
    std::vector<std::string> words;
    std::string problem;  // empty: understood
  };
  const Case cases[] = {
      {{"--database-url", "", "deploy"}, "--database-url is empty; omit it, or give it a value"},
      {{"deploy", "--to", ""}, "--to is empty; omit it, or give it a value"},
      {{"lint", "--since", ""}, "--since is empty; omit it, or give it a value"},
      {{"squash", "--up-to", ""}, "--up-to is empty; omit it, or give it a value"},
      {{"hotfix", "new", ""}, "NAME is empty; omit it, or give it a value"},
      {{"deploy", "--branch=", "--dry-run"}, "--branch is empty; omit it, or give it a value"},
      {{"--project=", "deploy"}, "--project is empty; omit it, or give it a value"},
      {{"deploy", "--database-url="}, "--database-url is empty; omit it, or give it a value"},
      {{"deploy", "--trusted-key=", "--strict"},
       "--trusted-key is empty; omit it, or give it a value"},
      {{"deploy", "--notify=", "--dry-run"}, ""},
      {{"scratch", "--", "printf", ""}, ""},
      {{"scratch", "--", "true", "--branch="}, ""},
      {{"deploy", "--to", "20240101000000_init"}, ""},
  };
  for (const Case& c : cases) {
    const auto parsed = ParseOptions(c.words);
    EXPECT_EQ(parsed.ok(), c.problem.empty()) << c.words[0];
    if (parsed) continue;
    EXPECT_EQ(parsed.error().message, c.problem);
    EXPECT_EQ(parsed.error().code, ErrorCode::kUsageError);
  }
}

// Without its value, an option would have the next argument as its value.
TEST(OptionsTest, AnOptionIsNoValueOfAnotherOne) {
  const struct {
    std::vector<std::string> words;
    const char* problem;
  } cases[] = {
      {{"deploy", "--branch", "--dry-run"}, "--branch needs a value, and '--dry-run' is an option"},
      {{"deploy", "--to", "--output=json"}, "--to needs a value, and '--output=json' is an option"},
      {{"-C", "--dry-run", "deploy"}, "-C needs a value, and '--dry-run' is an option"},
      {{"deploy", "--trusted-key", "--strict"},
       "--trusted-key needs a value, and '--strict' is an option"},
  };
  for (const auto& one : cases) {
    const auto parsed = ParseOptions(one.words);
    ASSERT_FALSE(parsed.ok()) << one.problem;
    EXPECT_EQ(parsed.error().message, one.problem);
    EXPECT_EQ(parsed.error().code, ErrorCode::kUsageError);
  }
  EXPECT_TRUE(ParseOptions({"scratch", "--", "ballast", "deploy", "--dry-run"}).ok());
}

TEST(OptionsTest, OptionsOfAProjectNeedACommand) {
  const struct {
    std::vector<std::string> words;
    const char* end;
  } cases[] = {
      {{"--project", "deploy"}, "; 'deploy' is the value of --project"},
      {{"-C", "status"}, "; 'status' is the value of -C"},
      {{"--schema", "prisma/schema.prisma"}, ", serve"},
  };
  for (const auto& one : cases) {
    const auto parsed = ParseOptions(one.words);
    ASSERT_FALSE(parsed.ok()) << one.end;
    const std::string& message = parsed.error().message;
    EXPECT_TRUE(message.starts_with("ballast needs a command: deploy, ")) << message;
    EXPECT_TRUE(message.ends_with(one.end)) << message;
  }
}

// A wrong one causes a warning when the run is over, as in BALLAST_NOTIFY_URL.
TEST(OptionsTest, AddressesOfNotificationsNeverKeepARunFromStarting) {
  for (const char* url : {"", "http://", "hooks.example.com/x"}) {
    EXPECT_TRUE(ParseOptions({"deploy", "--notify", url}).ok()) << url;
  }
}

TEST(OptionsTest, TheNumberOfValuesIsInWords) {
  const struct {
    std::vector<std::string> words;
    const char* problem;
  } cases[] = {
      {{"rollback", "--to"}, "--to needs a value: VERSION|MIGRATION"},
      {{"deploy", "--database-url"}, "--database-url needs a value: URL"},
      {{"serve", "--database"}, "--database needs a value: NAME=env:VARIABLE"},
      {{"deploy", "--to", "a", "--to", "b"}, "--to was given twice"},
      {{"scratch", "--major", "x", "--", "true"}, "--major: Value x not in range 1 to 99"},
      {{"completion"}, "`completion` needs SHELL"},
  };
  for (const auto& one : cases) {
    const auto parsed = ParseOptions(one.words);
    ASSERT_FALSE(parsed.ok()) << one.words[0];
    EXPECT_EQ(parsed.error().message, one.problem);
  }
  const auto help = ParseOptions({"completion", "--help"});
  ASSERT_TRUE(help.ok());
  EXPECT_NE(std::get<TextToPrint>(*help).text.find("[OPTIONS] SHELL"), std::string::npos);
}

// CLI11's text for a range would be part of the name of an option in the help.
TEST(OptionsTest, TheHelpNamesTypesInWords) {
  for (const std::string& command : CommandNames()) {
    const auto help = ParseOptions({command, "--help"});
    ASSERT_TRUE(help.ok()) << command;
    EXPECT_EQ(std::get<TextToPrint>(*help).text.find(" in ["), std::string::npos) << command;
  }
}

TEST(OptionsTest, AChoiceIsAcceptedBeforeAndAfterTheCommand) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--output", "json", "--color", "always", "status"},
        std::vector<std::string>{"status", "--output=json", "--color=always"}}) {
    const auto parsed = ParseOptions(words);
    ASSERT_TRUE(parsed.ok()) << parsed.error().message;
    EXPECT_EQ(std::get<Options>(*parsed).output, Output::kJson);
    EXPECT_EQ(std::get<Options>(*parsed).color, Color::kAlways);
  }
}

TEST(OptionsTest, ATypoGetsASuggestion) {
  const struct {
    std::vector<std::string> words;
    const char* message;
  } cases[] = {
      {{"deply"}, "unknown command 'deply'; did you mean 'deploy'?"},
      {{"release", "crate", "v1"}, "unknown command 'crate' of `release`; did you mean 'create'?"},
      {{"deploy", "--dry-rnu"},
       "unknown option '--dry-rnu' of `deploy`; did you mean '--dry-run'?"},
      {{"status", "--outptu=json"},
       "unknown option '--outptu' of `status`; did you mean '--output'?"},
      {{"nothing-like-it"}, "unknown command 'nothing-like-it'"},
      {{"scehma", "check"}, "unknown command 'scehma'; did you mean 'schema'?"},
      {{"schema", "chekc"}, "unknown command 'chekc' of `schema`; did you mean 'check'?"},
      {{"deploy", "extra"}, "unknown argument 'extra' of `deploy`"},
      {{"deploy", "20240101_init"},
       "unknown argument '20240101_init' of `deploy`; did you mean '--to 20240101_init'?"},
      {{"--accept"}, "unknown option '--accept'; it belongs to `schema check`"},
      {{"status", "--accept"},
       "unknown option '--accept' of `status`; it belongs to `schema check`"},
      {{"--branch", "x", "status"}, "option '--branch' must follow the command: `status --branch`"},
  };
  for (const auto& one : cases) {
    const auto parsed = ParseOptions(one.words);
    ASSERT_FALSE(parsed.ok()) << one.message;
    EXPECT_EQ(parsed.error().message, one.message);
    EXPECT_EQ(parsed.error().code, ErrorCode::kUsageError);
  }
}

TEST(OptionsTest, HelpIsPrintedForNothingAndOnRequest) {
  const auto help_for = [](const std::vector<std::string>& words) {
    const auto parsed = ParseOptions(words);
    return parsed ? std::get<TextToPrint>(*parsed).text : parsed.error().message;
  };
  EXPECT_NE(help_for({}).find("Usage: ballast"), std::string::npos) << help_for({});
  EXPECT_EQ(help_for({"help"}), help_for({}));
  EXPECT_EQ(help_for({"version"}), help_for({"--version"}));
  EXPECT_EQ(help_for({"help", "release", "create"}), help_for({"release", "create", "--help"}));
  EXPECT_EQ(help_for({"--output", "json"}), help_for({}));
  EXPECT_EQ(help_for({"--output", "json", "help", "deploy"}), help_for({"deploy", "--help"}));
}

}  // namespace
}  // namespace ballast::cli
