// A package that was made on one server gives, on the others, the database that the history gives
// there: facts with the order of columns, rows, and pg_dump where there is one of that version. A
// server that cannot run the history refuses the package by name.
// BALLAST_RANDOM=all tries more generated projects on all majors, BALLAST_ALL_CORPORA all real
// ones.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <set>

#include "base/text.h"
#include "postgres/facts_reader.h"
#include "postgres/rows_reader.h"
#include "tests/support/project.h"
#include "tests/support/test_server.h"
#include "tools/sample/generate.h"
#include "workspace/package_store.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

struct Content {
  std::string facts;
  std::vector<release::TableRows> rows;
  std::string schema;  // as pg_dump writes it
  std::string dump;    // with the rows
};

// Since 18 a NOT NULL has a name, which a package from an older server cannot know: a history on 18
// keeps the first name when it renames a table or a column, and no fact counts it.
std::string WithoutNamesOfNotNull(const std::string& dump) {
  static const std::regex named(R"re( CONSTRAINT ("[^"]*"|[^ ]+) NOT NULL)re");
  return std::regex_replace(dump, named, " NOT NULL");
}

std::string SchemaDump(const postgres::Target& target) {
  const auto dump = PgDump(target, {"-s", "-N", "ballast", "-T", "*._prisma_migrations"});
  std::string text;
  for (const std::string& line : Split(dump.value_or(""), '\n')) {
    if (line.find("restrict ") != 1 && line.find("unrestrict ") != 1) text += line + "\n";
  }
  return WithoutNamesOfNotNull(text);
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

class OtherServersTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam().starts_with("sample-")) {
      WriteSample(static_cast<uint64_t>(std::stoi(GetParam().substr(7))));
    } else {
      BALLAST_NEEDS_SHARED();
      const std::vector<Corpus> corpora = Corpora();
      const auto corpus = std::find_if(corpora.begin(), corpora.end(),
                                       [](const Corpus& c) { return c.name == GetParam(); });
      ASSERT_NE(corpus, corpora.end());
      WriteProject(*corpus, folder_.path());
    }
  }

  void WriteSample(uint64_t seed) const {
    sample::Options options;
    options.migrations = 60;
    options.tables = 20;
    options.seed = seed;
    for (const auto& [path, bytes] : sample::Generate(options)) {
      fs::create_directories((folder_.path() / path).parent_path());
      std::ofstream(folder_.path() / path, std::ios::binary) << bytes;
    }
  }

  Ran Ballast(const std::string& arguments, const TestDatabase& db) const {
    return RunIn(
        folder_.path(), "ballast " + arguments,
        {{"DATABASE_URL", db.Url()}, {"DIRECT_URL", db.Url()}, {"POSTGRESQL_URL", db.Url()}});
  }

  void MakePackage() {
    const Ran create = RunIn(folder_.path(), "ballast release create v1.0.0");
    ASSERT_EQ(create.status, 0) << create.out << create.err;
    const auto package = workspace::LoadPackage(folder_.path() / ".ballast");
    ASSERT_TRUE(package.ok());
    for (const release::TableRows& rows : package->manifest.rows) {
      if (rows.volatile_columns.empty()) continue;
      volatile_tables_.push_back(rows.table);
      volatile_rows_.columns[rows.table] = {rows.volatile_columns.begin(),
                                            rows.volatile_columns.end()};
    }
  }

  Content ContentOf(const TestDatabase& db) const {
    postgres::Session session = db.Connect();
    EXPECT_TRUE(session.Query("SET jit = off; SET search_path = public").ok());
    const auto facts = postgres::ReadFacts(session, {});
    const auto rows = postgres::ReadRowDigests(session, volatile_rows_);
    EXPECT_TRUE(facts.ok() && rows.ok());
    return {catalog::RenderFacts(facts->facts), *rows, SchemaDump(db.target()),
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
    EXPECT_EQ(actual.facts, expected.facts);
    EXPECT_EQ(actual.rows, expected.rows);
    EXPECT_TRUE(actual.schema == expected.schema) << LinesApart(actual.schema, expected.schema);
    EXPECT_EQ(LinesApart(actual.dump, expected.dump), "");
    fmt::print("{} on {}: equal by facts, rows{}\n", GetParam(), major,
               expected.dump.empty() ? "; NO pg_dump of this version" : " and pg_dump");
  }

  TemporaryFolder folder_{"other"};
  std::vector<std::string> volatile_tables_;
  postgres::VolatileRows volatile_rows_;
};

bool AllSamples() {
  const char* random = std::getenv("BALLAST_RANDOM");
  return random != nullptr && std::string(random) == "all";
}
bool AllCorpora() {
  return std::getenv("BALLAST_ALL_CORPORA") != nullptr;
}

TEST_P(OtherServersTest, ThePackageGivesWhatTheHistoryGivesThere) {
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

INSTANTIATE_TEST_SUITE_P(Projects, OtherServersTest, ::testing::ValuesIn(Projects()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace ballast::testing
