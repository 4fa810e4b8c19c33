// SPDX-License-Identifier: Apache-2.0
#include "cli/plain_error.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cli/render_text.h"

namespace ballast::cli {
namespace {

struct Shown {
  int status;
  std::string out;
  std::string err;
};

Shown ShownFor(const std::vector<std::string>& arguments) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int status = RunWithoutExceptions(
      arguments, [](const auto&) -> int { throw std::runtime_error("no more memory"); });
  Shown shown{status, {}, {}};
  std::fflush(stdout);
  std::fflush(stderr);
  shown.out = testing::internal::GetCapturedStdout();
  shown.err = testing::internal::GetCapturedStderr();
  return shown;
}

TEST(PlainErrorTest, AnExceptionHasTheFormThatTheArgumentsAskFor) {
  const Shown text = ShownFor({"status"});
  EXPECT_EQ(text.status, 70);
  EXPECT_EQ(text.out, "");
  EXPECT_NE(text.err.find("Error B900: internal error: no more memory"), std::string::npos);
  for (const Shown& shown :
       {ShownFor({"status", "--output", "json"}), ShownFor({"status", "--output=json"})}) {
    EXPECT_EQ(shown.status, 70);
    EXPECT_EQ(shown.err, "");
    const auto document = nlohmann::json::parse(shown.out);
    EXPECT_EQ(document["error"]["code"], "B900");
  }
}

TEST(PlainErrorTest, AFileIsShownOnce) {
  struct Case {
    const char* message;
    Place where;
    const char* detail;
  };
  const Case cases[] = {
      {"a/x.sql was changed", {"a/x.sql", 0}, "a/x.sql"},
      {"the package does not match its manifest: a/x.sql was changed", {"a/x.sql", 0}, ""},
      {"a/x.sql cannot be written: Permission denied", {"a/x.sql", 0}, ""},
      {"the script is not UTF-8", {"a/x.sql", 3}, ""},
      {"the script is not UTF-8", {"a/x.sql", 0}, ""},
      {"the script is not UTF-8", {}, "a/x.sql"},
  };
  for (const Case& c : cases) {
    Error error = MakeError(ErrorCode::kPackageEdited, c.message, "restore it", c.where);
    if (*c.detail != '\0') error.details.emplace_back("file", c.detail);
    const std::string text = RenderError(error, Style(), false);
    const size_t first = text.find("a/x.sql");
    EXPECT_NE(first, std::string::npos) << text;
    EXPECT_EQ(text.find("a/x.sql", first + 1), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace ballast::cli
