// SPDX-License-Identifier: Apache-2.0
// Between consecutive points of real histories, with a row in every table: rolled back and forward
// again, and repaired both ways. The catalog is that of a replay each time, and rows are kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "catalog/managed_comparison.h"
#include "introspect/snapshot_reader.h"
#include "proof/goal_state.h"
#include "proof/sample_rows.h"
#include "tests/support/corpus.h"
#include "tests/support/packaged_project.h"

namespace ballast::testing {
namespace {

catalog::Snapshot SnapshotOf(const TestDatabase& db) {
  postgres::Session session = db.Connect();
  EXPECT_TRUE(session.Query("SET jit = off; SET search_path = public").ok());
  auto read = introspect::ReadSnapshot(session, {});
  EXPECT_TRUE(read.ok());
  return std::move(read->snapshot);
}

// Drift of managed objects, and in `additions` what is left beyond them.
catalog::ManagedComparison Compare(const catalog::Snapshot& expected, const TestDatabase& db) {
  return catalog::CompareManaged(expected, SnapshotOf(db), {});
}

bool Says(const Ran& ran, const std::string& text) {
  return (ran.out + ran.err).find(text) != std::string::npos;
}

class ConsecutivePointsTest : public PackagedProject {
 protected:
  struct Point {
    release::Migration migration;
    catalog::Snapshot snapshot;  // by a replay
  };

  // The last points of the history.
  void ReadPoints() {
    WriteCorpus();
    WriteFile(folder_.path() / "ballast.toml", "strategy = \"history\"\n");
    auto migrations = ReadMigrationsFolder((folder_.path() / "prisma/migrations").string());
    const auto count = static_cast<size_t>(NumberOfVariable("BALLAST_POINTS", DefaultPoints()));
    const size_t first = migrations.size() - std::min(migrations.size(), count + 1);
    TestDatabase replayed;
    for (size_t at = first; at < migrations.size(); ++at) {
      const Ran ran = Ballast("deploy --to " + migrations[at].name, replayed);
      ASSERT_EQ(ran.status, 0) << migrations[at].name << "\n" << ran.out << ran.err;
      points_.push_back({migrations[at], SnapshotOf(replayed)});
    }
  }
  virtual int DefaultPoints() const { return 20; }

  void ExpectAt(const Point& point, TestDatabase& db, bool with_additions = false) {
    const catalog::ManagedComparison found = Compare(point.snapshot, db);
    EXPECT_THAT(catalog::DescribeAll(found.drift), ::testing::IsEmpty());
    if (!with_additions) {
      EXPECT_THAT(catalog::DescribeAll(found.additions), ::testing::IsEmpty());
    }
  }

  // Of the columns that two states have in common, in the database as it is.
  static std::vector<proof::TableDigest> Digests(const catalog::Database& one,
                                                 const catalog::Database& other, TestDatabase& db) {
    auto digests = proof::DigestsOfCommonRows(one, other, db.session());
    EXPECT_TRUE(digests.ok()) << digests.error().message;
    std::erase_if(*digests, [](const proof::TableDigest& one) {
      return one.table.find("_prisma_migrations") != std::string::npos;
    });
    return *digests;
  }
  static catalog::Database ModelOf(TestDatabase& db) {
    auto model = proof::ReadModel(db.session(), "public");
    EXPECT_TRUE(model.ok());
    return std::move(*model);
  }

  // B508 is right where a required column has no value for the rows.
  static bool IsRefusedForRows(const Ran& ran) { return ran.status == 1 && Says(ran, "B508"); }

  void BackAndForward(const Point& before, const Point& after) {
    TestDatabase db;
    ASSERT_EQ(Ballast("deploy --to " + after.migration.name, db).status, 0);
    ASSERT_TRUE(proof::AddSampleRows(db.session()).ok());
    const catalog::Database model = ModelOf(db);
    const auto rows = Digests(model, model, db);
    const Ran back = Ballast("rollback --keep-data --to " + before.migration.name, db);
    if (IsRefusedForRows(back)) return;
    ASSERT_EQ(back.status, 0) << back.out << back.err;
    EXPECT_THAT(catalog::DescribeAll(Compare(before.snapshot, db).drift), ::testing::IsEmpty());
    const Ran forward = Ballast("deploy --to " + after.migration.name, db);
    ASSERT_EQ(forward.status, 0) << forward.out << forward.err;
    ExpectAt(after, db);
    EXPECT_THAT(proof::ChangedTables(rows, Digests(model, model, db)), ::testing::IsEmpty());
  }

  // The rows of the migrations table say where the database should be.
  void Repair(const Point& from, const Point& to, const std::string& row) {
    TestDatabase db;
    TestDatabase goal;
    ASSERT_EQ(Ballast("deploy --to " + from.migration.name, db).status, 0);
    ASSERT_EQ(Ballast("deploy --to " + to.migration.name, goal).status, 0);
    ASSERT_TRUE(proof::AddSampleRows(db.session()).ok());
    const catalog::Database before = ModelOf(db), after = ModelOf(goal);
    const auto rows = Digests(before, after, db);
    db.Run(row);
    const Ran repaired = Ballast("repair --drop '*'", db);
    if (IsRefusedForRows(repaired)) return;
    ASSERT_EQ(repaired.status, 0) << repaired.out << repaired.err;
    ExpectAt(to, db, true);
    EXPECT_THAT(proof::ChangedTables(rows, Digests(before, after, db)), ::testing::IsEmpty());
  }

  void Walk() {
    ReadPoints();
    for (size_t at = 0; at + 1 < points_.size(); ++at) {
      const Point& before = points_[at];
      const Point& after = points_[at + 1];
      const std::string& name = after.migration.name;
      SCOPED_TRACE(before.migration.name + " and " + name);
      BackAndForward(before, after);
      Repair(before, after,
             "INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, "
             "applied_steps_count) VALUES ('next', '" +
                 after.migration.checksum + "', now(), '" + name + "', 1)");
      Repair(after, before, "DELETE FROM _prisma_migrations WHERE migration_name = '" + name + "'");
    }
  }

  std::vector<Point> points_;
};

class FewConsecutivePointsTest : public ConsecutivePointsTest {
  int DefaultPoints() const override { return 2; }
};

TEST_P(FewConsecutivePointsTest, BackForwardAndRepaired) {
  BALLAST_NEEDS_SERVER();
  BALLAST_NEEDS_SHARED();
  Walk();
}

TEST_P(ConsecutivePointsTest, BackForwardAndRepaired) {
  BALLAST_NEEDS_SERVER();
  Walk();
}

INSTANTIATE_TEST_SUITE_P(Small, FewConsecutivePointsTest, ::testing::Values("umami"),
                         PackagedProject::NameOf);
INSTANTIATE_TEST_SUITE_P(Slow, ConsecutivePointsTest, ::testing::ValuesIn(CorporaNames()),
                         PackagedProject::NameOf);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConsecutivePointsTest);

}  // namespace
}  // namespace ballast::testing
