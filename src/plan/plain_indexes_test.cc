// SPDX-License-Identifier: Apache-2.0
#include "plan/plain_indexes.h"

#include <gtest/gtest.h>

#include "plan/planner.h"

namespace ballast::plan {
namespace {

constexpr const char* kCreateIndex = "CREATE INDEX CONCURRENTLY t_a_idx ON t (a);\n";
constexpr const char* kDrop = "DROP INDEX CONCURRENTLY t_a_idx;\n";

std::vector<release::Migration> Scripts(const std::vector<std::string>& texts) {
  std::vector<release::Migration> scripts;
  scripts.reserve(texts.size());
  for (const std::string& text : texts) {
    scripts.push_back(release::MakeMigration("m" + std::to_string(scripts.size()), text));
  }
  return scripts;
}

// The form of the last of the scripts.
bool RunsPlain(const std::vector<std::string>& texts) {
  const std::vector<release::Migration> scripts = Scripts(texts);
  return PlainIndexes(scripts).FormOf(scripts.back()).has_value();
}

TEST(PlainIndexesTest, OnlyWhereConcurrentlyIsAllowed) {
  EXPECT_TRUE(RunsPlain({"CREATE TABLE t (a int)", kCreateIndex}));
  EXPECT_TRUE(RunsPlain({"CREATE TABLE t (a int)", kCreateIndex, kDrop}));
  EXPECT_TRUE(RunsPlain({"CREATE TABLE other (a int) PARTITION BY LIST (a)", kCreateIndex, kDrop}));
  EXPECT_FALSE(RunsPlain({"CREATE TABLE t (a int) PARTITION BY LIST (a)", kCreateIndex}));
  EXPECT_FALSE(RunsPlain(
      {"CREATE TABLE p (a int) PARTITION BY LIST (a)", "CREATE INDEX t_a_idx ON p (a)", kDrop}));
  EXPECT_FALSE(RunsPlain(
      {"CREATE TABLE p (a int) PARTITION BY LIST (a)", "ALTER TABLE p RENAME TO t", kCreateIndex}));
  EXPECT_FALSE(RunsPlain({"DO $$ CREATE TABLE t (a int) PARTITION BY LIST (a) $$", kCreateIndex}));
  EXPECT_FALSE(RunsPlain({"CREATE INDEX t_a_idx ON t (a)"}));
  EXPECT_FALSE(RunsPlain({"CREATE TABLE s.t (a int) PARTITION BY LIST (a); CREATE TABLE u (a int)",
                          "CREATE INDEX CONCURRENTLY i ON t (a)"}));
  // Only the word occurs.
  EXPECT_TRUE(
      RunsPlain({"CREATE TABLE partition_log (a int); CREATE TABLE t (a int)", kCreateIndex}));
  EXPECT_TRUE(RunsPlain(
      {"CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE t (a int)", kCreateIndex}));
  // A dot belongs to the name.
  EXPECT_TRUE(RunsPlain({"CREATE TABLE t (a int) PARTITION BY LIST (a); CREATE TABLE \"s.t\" ()",
                         "CREATE INDEX CONCURRENTLY i ON \"s.t\" (a)"}));
}

TEST(PlainIndexesTest, AnIndexInASchemaOfOthersIsKept) {
  EXPECT_FALSE(RunsPlain({"CREATE INDEX CONCURRENTLY i ON auth.users (email)"}));
  EXPECT_FALSE(RunsPlain({"DROP INDEX CONCURRENTLY auth.i"}));
  EXPECT_TRUE(RunsPlain({"CREATE SCHEMA shop", "CREATE INDEX CONCURRENTLY i ON shop.t (a)"}));
  EXPECT_TRUE(RunsPlain({"CREATE INDEX CONCURRENTLY i ON public.t (a)"}));
}

TEST(PlainIndexesTest, AnIndexThatMayBeOfAPartitionedTableIsKept) {
  const std::string tables = "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE t (a int)";
  EXPECT_TRUE(
      RunsPlain({tables, "CREATE INDEX i ON t (a)", "ALTER INDEX i RENAME TO t_a_idx", kDrop}));
  EXPECT_FALSE(
      RunsPlain({tables, "CREATE INDEX i ON p (a)", "ALTER INDEX i RENAME TO t_a_idx", kDrop}));
  EXPECT_FALSE(RunsPlain({tables, "CREATE INDEX ON p (a)", kDrop}));
  EXPECT_FALSE(RunsPlain({tables, "DO $$BEGIN ALTER TABLE p RENAME TO t; END$$", kCreateIndex}));
}

Decision DecideOn(const std::vector<std::string>& texts, bool fresh) {
  FollowHistory history;
  history.migrations = Scripts(texts);
  Observation observation;
  observation.schema_exists = true;
  observation.server.can_create_in_schema = true;
  if (!fresh) {
    const release::Migration& first = history.migrations.front();
    observation.rows.push_back({first.name, first.checksum, true, false, 1, {}, {}});
    observation.has_migrations_table = true;
    observation.object_count = 1;
  }
  return std::get<Decision>(Decide(history, observation, {}));
}

TEST(PlainIndexesTest, OnlyInAFreshDatabaseAndShownInThePlan) {
  const std::vector<std::string> texts = {"CREATE TABLE t (a int)", kCreateIndex};
  const Decision fresh = DecideOn(texts, true);
  const auto& run = std::get<RunScript>(fresh.plan()->transactions.back().steps.back().act);
  EXPECT_EQ(fresh.plan()->transactions.back().mode, ScriptMode::kInTransaction);
  EXPECT_EQ(run.Script(), "CREATE INDEX              t_a_idx ON t (a);\n");
  EXPECT_EQ(*run.migration.script, kCreateIndex);
  EXPECT_EQ(Describe(fresh.plan()->transactions.back().steps.back(),
                     fresh.plan()->transactions.back().mode),
            "run m1 without CONCURRENTLY: the database is new, and nobody else uses it");
  const Decision later = DecideOn(texts, false);
  EXPECT_EQ(Describe(later.plan()->transactions.back().steps.back(),
                     later.plan()->transactions.back().mode),
            "run m1 outside a transaction (pending)");
  EXPECT_EQ(std::get<RunScript>(later.plan()->transactions.back().steps.back().act).Script(),
            kCreateIndex);
}

}  // namespace
}  // namespace ballast::plan
