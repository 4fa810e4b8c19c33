// SPDX-License-Identifier: Apache-2.0
#include "project/proven_snapshots.h"

#include <gtest/gtest.h>

#include "project/project_context.h"
#include "release/package.h"

namespace ballast::project {
namespace {

catalog::Snapshot SnapshotOf(const std::string& table) {
  return {{"table", table, "persistence", "permanent"}};
}

// A package of `now` that also has the snapshot of an earlier release.
Artifacts PackageOf(const catalog::Snapshot& now, const catalog::Snapshot& earlier) {
  Artifacts artifacts;
  release::Package& package = artifacts.package.emplace();
  package.files[release::kSnapshotPath] = catalog::RenderSnapshot(now);
  package.files[release::kStatesPath] =
      catalog::RenderStates(now, {{"v1", catalog::Fingerprint(earlier), earlier}});
  return artifacts;
}

TEST(ProvenSnapshotsTest, AreFoundByFingerprint) {
  const catalog::Snapshot now = SnapshotOf("b");
  const catalog::Snapshot earlier = SnapshotOf("a");
  Artifacts artifacts = PackageOf(now, earlier);
  const catalog::Snapshot point = SnapshotOf("c");
  artifacts.points->Add(
      {{}, {}, 0, "m1", "of the point", std::make_shared<const catalog::Snapshot>(point)});
  const catalog::Snapshot empty;
  for (const catalog::Snapshot* snapshot : {&now, &earlier, &empty}) {
    const auto found = ProvenSnapshot(artifacts, catalog::Fingerprint(*snapshot));
    ASSERT_TRUE(found && *found);
    EXPECT_EQ(**found, *snapshot);
  }
  EXPECT_EQ(**ProvenSnapshot(artifacts, "of the point"), point);
  EXPECT_EQ(*ProvenSnapshot(artifacts, catalog::Fingerprint(SnapshotOf("d"))), nullptr);
}

TEST(ProvenSnapshotsTest, AreParsedOnce) {
  const catalog::Snapshot now = SnapshotOf("b");
  const catalog::Snapshot earlier = SnapshotOf("a");
  Artifacts artifacts = PackageOf(now, earlier);
  for (const catalog::Snapshot* snapshot : {&now, &earlier}) {
    const std::string fingerprint = catalog::Fingerprint(*snapshot);
    EXPECT_EQ(*ProvenSnapshot(artifacts, fingerprint), *ProvenSnapshot(artifacts, fingerprint));
  }
  EXPECT_EQ(*StatesOfPackage(artifacts), *StatesOfPackage(artifacts));
}

TEST(ProvenSnapshotsTest, AMalformedFileIsNamed) {
  Artifacts artifacts = PackageOf(SnapshotOf("b"), SnapshotOf("a"));
  artifacts.package->files[release::kStatesPath] = "?";
  const auto states = StatesOfPackage(artifacts);
  ASSERT_FALSE(states);
  EXPECT_EQ(states.error().code, ErrorCode::kPackageEdited);
  EXPECT_EQ(states.error().where.file, release::kStatesPath);
}

}  // namespace
}  // namespace ballast::project
