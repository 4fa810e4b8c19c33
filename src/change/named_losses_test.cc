// SPDX-License-Identifier: Apache-2.0
#include "change/named_losses.h"

#include <gtest/gtest.h>

namespace ballast::change {
namespace {

TEST(NamedLossesTest, RefusesTheNameOfNothing) {
  const std::vector<std::string> losses = {"column \"User\".\"nick\"", "table \"Note\""};
  struct Case {
    std::vector<std::string> names;
    std::vector<std::string> losses;
    std::string message;  // empty: none
  };
  const Case cases[] = {
      {{}, losses, ""},
      {{"User.nick", "table Note"}, losses, ""},
      {{"\"User\".\"nick\""}, losses, ""},
      {{"Us*", "nothing*"}, losses, ""},
      {{"User.nik"},
       losses,
       "--drop User.nik: the change drops nothing with this name; did you mean 'User.nick'?"},
      {{"Note", "zebra"}, losses, "--drop zebra: the change drops nothing with this name"},
      {{"Note"}, {}, "--drop Note: the change drops nothing with this name"},
  };
  for (const Case& c : cases) {
    const Status checked = CheckNamedLosses(c.names, "--drop", c.losses);
    EXPECT_EQ(checked ? std::string() : checked.error().message, c.message);
  }
}

}  // namespace
}  // namespace ballast::change
