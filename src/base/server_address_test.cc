// SPDX-License-Identifier: Apache-2.0
#include "base/server_address.h"

#include <gtest/gtest.h>

namespace ballast {
namespace {

TEST(ServerAddress, HasThePortOfAHost) {
  const struct {
    const char* host;
    const char* port;
    const char* address;
  } cases[] = {
      {"localhost", "5432", "localhost:5432"},
      {"localhost", "", "localhost"},
      {"/run/postgresql", "5432", "/run/postgresql"},
      {"a,b", "5432,5433", "a,b"},
  };
  for (const auto& one : cases) EXPECT_EQ(ServerAddress(one.host, one.port), one.address);
}

}  // namespace
}  // namespace ballast
