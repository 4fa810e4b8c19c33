// SPDX-License-Identifier: Apache-2.0
// A package that was made on one server gives, on the others, the database that the history gives
// there: snapshots with the order of columns, rows, and pg_dump where there is one of that version.
// A server that cannot run the history refuses the package by name. BALLAST_RANDOM=all tries more
// generated projects on all majors, BALLAST_ALL_CORPORA all real ones.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "base/text.h"
#include "introspect/rows_reader.h"
#include "introspect/snapshot_reader.h"
#include "tests/support/packaged_project.h"
#include "tools/sample/generate.h"

namespace ballast::testing {
namespace {

struct Content {
  std::string snapshot;
  std::vector<release::TableRows> rows;
  std::string schema;  // as pg_dump writes it
  std::string dump;    // with the rows
};

// Since 18 a NOT NULL has a name, which a package from an older server cannot know: a history on 18
// keeps the first name when it renames a table or a column, and no property contains it.
std::string WithoutNamesOfNotNull(const std::string& dump) {
  static const std::regex named(R"re( CONSTRAINT ("[^"]*"|[^ ]+) NOT NULL)re");
  return std::regex_replace(dump, named, " NOT NULL");
}

std::string SchemaDump(const postgres::Target& target) {
  return WithoutNamesOfNotNull(
      PgDump(target, {"-s", "-N", "ballast", "-T", "*._prisma_migrations"}).value_or(""));
}

// The lines that only one of two texts has. Rows of several lines have no order in a dump.
std::string LinesApart(const std::string& a, const std::string& b) {
  const std::vector<std::string> left = Split(a, '\n'), right = Split(b, '\n');
  std::string apart;
  const auto add = [&](const char* mark, const auto& lines, const auto& others) {
    const std::set<std::string> known(others.begin(), others.end());
    for (const std::string& line : lines) {
      if (!known.contains(line)) apart += mark + line + "\n";
    }
  };
  add("- ", left, right);
  add("+ ", right, left);
  return apart;
}

class OtherServersTest : public PackagedProject {
 protected:
  void SetUp() override {
    if (GetParam().starts_with("sample-")) {
      WriteSample(static_cast<uint64_t>(std::stoi(GetParam().substr(7))));
    } else {
      BALLAST_NEEDS_SHARED();
      WriteCorpus();
    }
  }

  void WriteSample(uint64_t seed) const {
    sample::Options options;
    options.migrations = 60;
    options.tables = 20;
    options.seed = seed;
    for (const auto& [path, bytes] : sample::Generate(options)) {
      WriteFile(folder_.path() / path, bytes);
    }
  }

  Content ContentOf(const TestDatabase& db) const {
    postgres::Session session = db.Connect();
    EXPECT_TRUE(session.Query("SET jit = off; SET search_path = public").ok());
    const auto snapshot = introspect::ReadSnapshot(session, {});
    const auto rows = introspect::ReadRowDigests(session, volatile_rows_);
    EXPECT_TRUE(snapshot.ok() && rows.ok());
    return {catalog::RenderSnapshot(snapshot->snapshot), *rows, SchemaDump(db.target()),
            WithoutNamesOfNotNull(DumpForComparison(db.target(), volatile_tables_).value_or(""))};
  }

  void Compare(int major) {
    SCOPED_TRACE(fmt::format("{} on {}", GetParam(), major));
    TestDatabase history(major), release(major);
    const Ran by_history = Ballast("deploy --strategy history", history);
    const Ran by_release = Ballast("deploy --strategy release", release);
    if (by_history.status != 0) {
      EXPECT_EQ(by_release.status, 1) << by_release.out << by_release.err;
      EXPECT_NE((by_release.out + by_release.err).find("B605"), std::string::npos)
          << by_release.out << by_release.err;
      fmt::print("{} on {}: refused by name, as the history is\n", GetParam(), major);
      return;
    }
    ASSERT_EQ(by_release.status, 0) << by_release.out << by_release.err;
    const Content expected = ContentOf(history), actual = ContentOf(release);
    EXPECT_EQ(actual.snapshot, expected.snapshot);
    EXPECT_EQ(actual.rows, expected.rows);
    EXPECT_TRUE(actual.schema == expected.schema) << LinesApart(actual.schema, expected.schema);
    EXPECT_EQ(LinesApart(actual.dump, expected.dump), "");
    fmt::print("{} on {}: equal by snapshots, rows{}\n", GetParam(), major,
               expected.dump.empty() ? "; NO pg_dump of this version" : " and pg_dump");
  }
};

bool AllSamples() {
  const char* random = std::getenv("BALLAST_RANDOM");
  return random != nullptr && std::string(random) == "all";
}
bool AllCorpora() {
  return std::getenv("BALLAST_ALL_CORPORA") != nullptr;
}

TEST_P(OtherServersTest, PackageAndHistoryGiveTheSame) {
  ASSERT_NO_FATAL_FAILURE(MakePackage());
  const bool all = GetParam().starts_with("sample-") ? AllSamples() : AllCorpora();
  for (const int major : all ? TestMajors() : std::vector<int>{13, 18}) {
    if (HasMajor(major)) Compare(major);
  }
}

std::vector<std::string> Projects() {
  std::vector<std::string> names;
  for (int seed = 11; seed < (AllSamples() ? 21 : 13); ++seed) {
    names.push_back(fmt::format("sample-{}", seed));
  }
  if (!AllCorpora()) {
    names.insert(names.end(), {"umami", "langfuse"});
  } else if (!SharedFolder().empty()) {
    for (const Corpus& corpus : Corpora()) names.push_back(corpus.name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(Slow, OtherServersTest, ::testing::ValuesIn(Projects()),
                         PackagedProject::NameOf);

}  // namespace
}  // namespace ballast::testing
