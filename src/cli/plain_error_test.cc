// SPDX-License-Identifier: Apache-2.0
#include "cli/plain_error.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

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

}  // namespace
}  // namespace ballast::cli
