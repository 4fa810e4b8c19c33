// Many deploys at once on one database: exactly one applies, the others wait and find nothing to
// do.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/faults/scene.h"

namespace ballast::testing {
namespace {

class CrowdTest : public ::testing::TestWithParam<int> {};

TEST_P(CrowdTest, OneAppliesAndTheOthersFindNothingToDo) {
  const auto server = ServerOf(0);
  if (!server) GTEST_SKIP() << "NO SERVER: " << server.error().message;
  for (const Scene& scene : Scenes()) {
    const postgres::ScratchDatabase database = scene.NewDatabase();
    std::vector<std::string> arguments = scene.Deploy();
    arguments.insert(arguments.end(), {"--lock-timeout", "60s", "--output", "json"});
    std::vector<std::unique_ptr<Process>> crowd;
    for (int i = 0; i < GetParam(); ++i) {
      crowd.push_back(std::make_unique<Process>(scene.folder->path(), arguments, database.Url()));
    }
    int applied = 0;
    for (const auto& deploy : crowd) {
      EXPECT_EQ(deploy->Wait(), 0) << scene.name << deploy->Output();
      if (deploy->Output().find("\"decision\": \"apply\"") != std::string::npos) ++applied;
    }
    EXPECT_EQ(applied, 1) << scene.name;
    postgres::Session session = std::move(*database.Connect());
    EXPECT_EQ(PortraitOf(session), scene.complete) << scene.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Sizes, CrowdTest, ::testing::Values(2, 8, 32, 64));

}  // namespace
}  // namespace ballast::testing
