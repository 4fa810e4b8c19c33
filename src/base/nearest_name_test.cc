// SPDX-License-Identifier: Apache-2.0
#include "base/nearest_name.h"

#include <gtest/gtest.h>

namespace ballast {
namespace {

TEST(NearestWordTest, FindsTheNearestWord) {
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

TEST(NearestNameTest, AcceptsAPartOfTheName) {
  const std::vector<std::string> names = {"20240101000000_init", "20240202000000_add_users",
                                          "20240303000000_add_user_names", "v4.0.0"};
  const struct {
    const char* word;
    const char* nearest;
  } cases[] = {{"add_users", "20240202000000_add_users"},
               {"20240303000000", "20240303000000_add_user_names"},
               {"20240202000000_add_usres", "20240202000000_add_users"},
               {"4.0.0", "v4.0.0"},
               {"add_user", ""},  // two have it
               {"ini", "20240101000000_init"},
               {"in", ""},
               {"payments", ""},
               {"", ""}};
  for (const auto& one : cases) EXPECT_EQ(NearestName(one.word, names), one.nearest) << one.word;
}

TEST(DidYouMeanTest, EndsASentence) {
  EXPECT_EQ(DidYouMean("shp", {"shop", "billing"}), "; did you mean 'shop'?");
  EXPECT_EQ(DidYouMean("warehouse", {"shop", "billing"}), "");
}

}  // namespace
}  // namespace ballast
