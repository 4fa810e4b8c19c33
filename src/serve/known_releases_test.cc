// SPDX-License-Identifier: Apache-2.0
#include "serve/known_releases.h"

#include <gmock/gmock.h>

namespace ballast::serve {
namespace {

using ::testing::ElementsAre;

// The package v2, which proves the upgrade from v1.
PackageState Graph() {
  PackageState state;
  state.version = "v2";
  state.nodes = {{"empty database", PathNodeKind::kEmpty, "", 0},
                 {"v1", PathNodeKind::kRelease, "f1", 1},
                 {"v2", PathNodeKind::kRelease, "f2", 2}};
  state.edges = {{0, 2, true, ""}, {1, 2, true, ""}};
  return state;
}

std::vector<std::string> EdgesOf(const PackageState& state) {
  std::vector<std::string> edges;
  for (const PathEdge& edge : state.edges) {
    edges.push_back(state.nodes[edge.from].name + (edge.proven ? " → " : " ? ") +
                    state.nodes[edge.to].name);
  }
  return edges;
}

TEST(KnownReleasesTest, AddsWhatTheGraphLacks) {
  PackageState state = Graph();
  AddKnownReleases({{"v2", "tag v2", "f2", 2, {"v1"}},
                    {"v1", "tag v1", "f1", 1, {"v0"}},
                    {"v0", "tag v0", "f0", 1, {}},
                    {"v3", "branch next", "f3", 3, {"v2", "v1"}}},
                   state);
  EXPECT_EQ(state.nodes.size(), 5u);
  EXPECT_THAT(EdgesOf(state), ElementsAre("empty database → v2", "v1 → v2", "v0 → v1", "v2 → v3",
                                          "v1 → v3", "v0 ? v2"));
}

TEST(KnownReleasesTest, ANewerReleaseWithoutAProofIsAnUnprovenEdge) {
  PackageState state = Graph();
  AddKnownReleases({{"v3", "tag v3", "f3", 3, {}}}, state);
  EXPECT_THAT(EdgesOf(state), ElementsAre("empty database → v2", "v1 → v2", "v2 ? v3"));
}

TEST(KnownReleasesTest, WithoutAPackageThereIsNoGraph) {
  PackageState state;
  AddKnownReleases({{"v3", "tag v3", "f3", 3, {}}}, state);
  EXPECT_TRUE(state.nodes.empty());
}

}  // namespace
}  // namespace ballast::serve
