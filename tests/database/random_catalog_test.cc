// SPDX-License-Identifier: Apache-2.0
// Random databases: what the baseline writes of each gives the same database again, to the
// snapshots, the digests of rows, pg_dump and the baseline itself. BALLAST_RANDOM_SEEDS says how
// many are tried of each major, BALLAST_RANDOM_FIRST with which seed they begin,
// BALLAST_RANDOM_LENGTH how many statements each has.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "catalog/snapshot.h"
#include "introspect/catalog_reader.h"
#include "introspect/rows_reader.h"
#include "introspect/snapshot_reader.h"
#include "introspect/unsupported_objects.h"
#include "tests/support/random_catalog.h"
#include "tests/support/test_server.h"
#include "tests/support/whole_catalog.h"

namespace ballast::introspect {
namespace {

using ::testing::IsEmpty;
using testing::TestDatabase;

// Nothing that a session of the test sets stays with the one that reads.
postgres::Session Reader(const TestDatabase& db) {
  postgres::Session session = db.Connect();
  EXPECT_TRUE(session.Query("SET search_path = public; SET jit = off").ok());
  return session;
}

std::string DumpOf(const TestDatabase& db) {
  return testing::PgDump(db.target(), {"--schema-only"}).value_or("");
}

struct State {
  std::string script;
  std::vector<std::string> unsupported;
  std::string dump;
  catalog::Snapshot snapshot;
  std::vector<release::TableRows> rows;
  std::vector<std::string> whole_catalog;
};

State StateOf(const TestDatabase& db) {
  State state;
  postgres::Session session = Reader(db);
  const auto draft = ReadBaseline(session);
  EXPECT_TRUE(draft.ok()) << draft.error().message << draft.error().Detail("statement");
  if (!draft.ok()) return state;
  state.script = draft->script;
  for (const auto& left : draft->unsupported)
    state.unsupported.push_back(left.kind + " " + left.name);
  const auto unknown = FindUnsupportedObjects(session);
  EXPECT_TRUE(unknown.ok()) << unknown.error().message;
  EXPECT_THAT(unknown.ok() ? *unknown : std::vector<std::string>{}, IsEmpty());
  const auto snapshot = ReadSnapshot(session, {});
  EXPECT_TRUE(snapshot.ok()) << snapshot.error().message;
  if (snapshot.ok()) state.snapshot = snapshot->raw;
  const auto rows = ReadRowDigests(session);
  EXPECT_TRUE(rows.ok()) << rows.error().message;
  if (rows.ok()) state.rows = *rows;
  state.dump = DumpOf(db);
  state.whole_catalog = testing::ReadWholeCatalog(db);
  return state;
}

// Where two texts begin to differ; empty when they are equal.
std::string LinesApart(const std::string& a, const std::string& b) {
  const std::vector<std::string> left = Split(a, '\n'), right = Split(b, '\n');
  size_t at = 0;
  while (at < left.size() && at < right.size() && left[at] == right[at]) ++at;
  if (a == b) return {};
  std::string text = fmt::format("first at line {}:\n", at + 1);
  const auto add = [&](const char* mark, const std::vector<std::string>& lines) {
    for (size_t i = at < 4 ? 0 : at - 4; i < lines.size() && i < at + 4; ++i) {
      text += mark + lines[i] + "\n";
    }
  };
  add("- ", left);
  add("+ ", right);
  return text;
}

void ExpectSame(const State& a, const State& b) {
  for (const auto& difference : catalog::Diff(a.snapshot, b.snapshot, /*with_layout=*/true)) {
    ADD_FAILURE() << catalog::Describe(difference);
  }
  EXPECT_EQ(a.rows, b.rows);
  EXPECT_EQ(LinesApart(a.dump, b.dump), "");
  EXPECT_EQ(LinesApart(a.script, b.script), "");
  EXPECT_THAT(testing::CompareWholeCatalogs(a.whole_catalog, b.whole_catalog), IsEmpty());
}

// Runs each statement by itself; how many went through, in percent.
size_t RunAll(TestDatabase& db, const std::vector<std::string>& statements) {
  const bool loud = std::getenv("BALLAST_RANDOM_LOUD") != nullptr;
  size_t good = 0;
  for (const std::string& statement : statements) {
    const postgres::Outcome outcome = db.session().Run(statement);
    good += outcome.ok() ? 1 : 0;
    if (loud && outcome.ok()) fmt::print("{};\n", statement);
    if (loud && !outcome.ok()) fmt::print("-- {}: {}\n", outcome.error->message, statement);
  }
  if (std::getenv("BALLAST_RANDOM_SHARE") != nullptr) {
    fmt::print("{} of {} statements\n", good, statements.size());
  }
  return 100 * good / statements.size();
}

void MakeRoles(TestDatabase& db) {
  for (const std::string& role : testing::RandomCatalogRoles()) {
    db.Run("DO $$ BEGIN CREATE ROLE " + role +
           "; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  }
}

// What a random database cannot hand on is named; it is no failure of this property.
bool IsSupported(const State& state) {
  for (const std::string& name : state.unsupported) fmt::print("named: {}\n", name);
  return state.unsupported.empty();
}

bool TrySeed(int major, uint64_t seed) {
  TestDatabase original(major);
  MakeRoles(original);
  const auto statements =
      testing::RandomCatalog(seed, major, testing::NumberOfVariable("BALLAST_RANDOM_LENGTH", 150));
  EXPECT_GE(RunAll(original, statements), 50U);
  const State expected = StateOf(original);
  if (!IsSupported(expected)) return false;
  if (std::getenv("BALLAST_RANDOM_LOUD") != nullptr)
    fmt::print("-- the baseline\n{}", expected.script);
  TestDatabase copy(major);
  const postgres::Outcome applied = copy.session().Run(expected.script);
  EXPECT_TRUE(applied.ok()) << applied.error->message << " " << applied.error->detail << "\n"
                            << (applied.error->position > 0
                                    ? expected.script.substr(
                                          std::max(0, applied.error->position - 300), 600)
                                    : "");
  if (applied.ok()) ExpectSame(expected, StateOf(copy));
  return true;
}

class RandomCatalogTest : public ::testing::TestWithParam<int> {};

TEST_P(RandomCatalogTest, TheBaselineGivesTheSameDatabase) {
  const int major = GetParam();
  if (!testing::HasMajor(major)) GTEST_SKIP() << "NO SERVER PROGRAMS of PostgreSQL " << major;
  const int seeds = testing::NumberOfVariable("BALLAST_RANDOM_SEEDS", major == 18 ? 25 : 5);
  const int first = testing::NumberOfVariable("BALLAST_RANDOM_FIRST", 1);
  int carried = 0;
  for (int seed = first; seed < first + seeds; ++seed) {
    SCOPED_TRACE(fmt::format("seed {} on {}", seed, major));
    carried += TrySeed(major, static_cast<uint64_t>(seed)) ? 1 : 0;
    if (HasFailure()) break;
  }
  EXPECT_GT(carried, 0);
}

INSTANTIATE_TEST_SUITE_P(Slow, RandomCatalogTest, ::testing::Values(13, 15, 18));

TEST(RandomCatalogStatements, SameSeedSameStatements) {
  EXPECT_EQ(testing::RandomCatalog(7, 18, 200), testing::RandomCatalog(7, 18, 200));
  EXPECT_NE(testing::RandomCatalog(7, 18, 200), testing::RandomCatalog(8, 18, 200));
}

}  // namespace
}  // namespace ballast::introspect
