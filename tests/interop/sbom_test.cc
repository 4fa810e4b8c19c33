// SPDX-License-Identifier: Apache-2.0
// The list of what the program consists of is made from the program, and is whole.
#include <gtest/gtest.h>

#include <string>

#include "tests/support/project.h"

namespace ballast::testing {
namespace {

TEST(Sbom, ListsAllLibraries) {
  const Ran ran = RunIn(BALLAST_SOURCE, "python3 tools/sbom " BALLAST_PROGRAM_DIR);
  ASSERT_EQ(ran.status, 0) << ran.err;
  for (const char* name : {"libpq5", "libgit2", "libpg-query", "libsodium", "libarchive", "libzstd",
                           "nlohmann-json3-dev", "libcli11-dev", "libtomlplusplus", "libc6",
                           "cpp-httplib", "prometheus-cpp", "libsqlite3-dev", "libjs-chart.js"}) {
    EXPECT_NE(ran.out.find(name), std::string::npos) << name << "\n" << ran.out;
  }
  EXPECT_NE(ran.out.find("\"bomFormat\": \"CycloneDX\""), std::string::npos);
}

}  // namespace
}  // namespace ballast::testing
