// SPDX-License-Identifier: Apache-2.0
#include "serve/refresher.h"

#include <gtest/gtest.h>

namespace ballast::serve {
namespace {

using std::chrono::milliseconds;

// One that ends with an error has worked on the server, too: a statement timeout, for example.
TEST(RefresherTest, ObservationsUseAFifthOfAConnection) {
  const struct {
    Obstacle obstacle;
    int took;
    int pause;
  } cases[] = {
      {Obstacle::kNone, 100, 3000},      {Obstacle::kNone, 2000, 8000},
      {Obstacle::kSettings, 0, 3000},    {Obstacle::kSettings, 15'000, 60'000},
      {Obstacle::kServer, 15'000, 3000}, {Obstacle::kLock, 2000, 3000},
  };
  for (const auto& one : cases) {
    DatabaseState state;
    state.obstacle = one.obstacle;
    state.took = milliseconds(one.took);
    EXPECT_EQ(PauseAfter(state, milliseconds(3000), 4), milliseconds(one.pause)) << one.took;
  }
}

}  // namespace
}  // namespace ballast::serve
