// SPDX-License-Identifier: Apache-2.0
#include "cli/suggestion.h"

#include <gtest/gtest.h>

namespace ballast::cli {
namespace {

TEST(NearestWordTest, FindsWhatWasMeant) {
  const std::vector<std::string> commands = {"deploy", "status", "release", "resolve", "doctor"};
  const struct {
    const char* word;
    const char* nearest;
  } cases[] = {{"deply", "deploy"},
               {"depoly", "deploy"},
               {"statsu", "status"},
               {"relase", "release"},
               {"resolv", "resolve"},
               {"doc", ""},
               {"x", ""},
               {"", ""}};
  for (const auto& one : cases) EXPECT_EQ(NearestWord(one.word, commands), one.nearest) << one.word;
}

}  // namespace
}  // namespace ballast::cli
