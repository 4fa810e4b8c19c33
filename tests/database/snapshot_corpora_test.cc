// SPDX-License-Identifier: Apache-2.0
// The histories of real projects give the same snapshot on every version.
#include "apply/replay.h"
#include "tests/support/corpus.h"
#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

// Where a history needs a newer server (NULLS NOT DISTINCT), that major is left out, and told.
bool Replayed(TestDatabase& db, const std::string& corpus) {
  SilentProgress silent;
  const auto report = apply::Replay(db.session(), CorpusMigrations(corpus), {}, silent);
  if (!report.ok()) {
    std::cout << corpus << " does not replay on " << db.session().server_major() << ": "
              << report.error().message << "\n";
  }
  return report.ok();
}

TEST(SnapshotOfCorpora, AreTheSameOnEveryMajor) {
  BALLAST_NEEDS_SHARED();
  for (const std::string& corpus : CorpusNames()) {
    std::optional<catalog::Snapshot> first;
    std::optional<Hashes> hashes;  // where no version words anything in its own way
    for (const int major : TestMajors()) {
      if (!HasMajor(major)) continue;
      SCOPED_TRACE(corpus + " on " + std::to_string(major));
      TestDatabase db(major);
      ASSERT_TRUE(db.ok());
      if (!Replayed(db, corpus)) continue;
      postgres::Session session = db.Connect();
      const introspect::ReadSnapshotResult read = SnapshotOf(session);
      const catalog::Snapshot& snapshot = read.snapshot;
      if (!first) first = snapshot;
      EXPECT_GT(snapshot.size(), 100u);
      EXPECT_EQ(catalog::LayoutFingerprint(*first), catalog::LayoutFingerprint(snapshot));
      if (read.any_sensitive) continue;
      if (!hashes) hashes = ServerHashesOf(session);
      EXPECT_EQ(*hashes, ServerHashesOf(session));
    }
    EXPECT_TRUE(first.has_value()) << corpus << " replayed nowhere";
  }
}

}  // namespace
}  // namespace ballast::testing
