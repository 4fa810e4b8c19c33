// SPDX-License-Identifier: Apache-2.0
#include "base/fill_template.h"

#include <gtest/gtest.h>

namespace ballast {
namespace {

TEST(FillTemplateTest, FillsInOnePass) {
  struct Case {
    std::string_view text, filled;
  };
  for (const Case& c : {
           Case{"", ""},
           Case{"no name", "no name"},
           Case{"@a", "@b"},
           Case{"@b@a", "2@b"},
           Case{"@a_b-@a.@b", "@a-@b.2"},
           Case{"u @> @b", "u @> 2"},
           Case{"@", "@"},
       }) {
    EXPECT_EQ(FillTemplate(c.text, {{"@a", "@b"}, {"@b", "2"}, {"@a_b", "@a"}}), c.filled);
  }
}

}  // namespace
}  // namespace ballast
