// SPDX-License-Identifier: Apache-2.0
// Squashed migrations folders, judged by real Prisma and by pg_dump.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/text.h"
#include "tests/support/corpus.h"
#include "tests/support/packaged_project.h"
#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

struct Folders {
  fs::path root;
  fs::path schema = root / "prisma/schema.prisma";
  fs::path migrations = root / "prisma/migrations";
};

Ran Ballast(const Folders& project, const std::string& arguments, const std::string& url = {}) {
  const std::string database = url.empty() ? "" : " --database-url '" + url + "'";
  return RunIn(project.root, "ballast " + arguments + database);
}

void Prisma(const Folders& project, const std::string& arguments, const TestDatabase& db) {
  const auto ran = RunPrisma(arguments, db.Url(), project.schema, project.migrations);
  ASSERT_TRUE(ran);
  ASSERT_EQ(ran->status, 0) << arguments << "\n" << ran->out << ran->err;
}

std::string SquashOf(const Folders& project) {
  for (const auto& entry : fs::directory_iterator(project.migrations)) {
    if (fs::exists(entry.path() / "squash.json")) return entry.path().filename().string();
  }
  return {};
}

// Tables with rows that differ from one replay to the next, as the proof found them.
std::vector<std::string> VolatileTables(const Folders& project) {
  std::ifstream file(project.migrations / SquashOf(project) / "squash.json");
  const auto record = nlohmann::json::parse(file);
  std::vector<std::string> tables;
  for (const auto& rows : record.at("baseline").at("rows")) {
    if (!rows.at("volatile_columns").empty()) tables.push_back(rows.at("table"));
  }
  return tables;
}

// The schema without what Prisma 7 refuses in a datasource.
std::string SchemaForEngine(const Folders& project) {
  std::istringstream lines(ReadWholeFile(project.schema));
  std::string text, line;
  while (std::getline(lines, line)) {
    const std::string_view trimmed = Trim(line);
    const bool refused = trimmed.starts_with("url ") || trimmed.starts_with("url=") ||
                         trimmed.starts_with("directUrl") ||
                         trimmed.starts_with("shadowDatabaseUrl");
    if (!refused) text += line + "\n";
  }
  const fs::path file = project.root / "engine.prisma";
  WriteFile(file, text);
  return file.string();
}

// Whether the diagnosis has no difference of the histories; its JSON is formatted either way.
bool ContainsNoHistory(const std::string& said) {
  return ReplaceAll(said, " ", "").find("\"history\":null") != std::string::npos;
}

// What the engine of `migrate status` and `migrate dev` says of a database, shadow database and
// all: {"action": {"tag": "createMigration"}} where it is content.
std::string EngineSays(const Folders& project, const TestDatabase& db) {
  const char* engine = std::getenv("BALLAST_PRISMA7");
  std::string said;
  for (const char* command : {"dev", "diagnose --shadow"}) {
    const Ran ran = RunIn(project.root, "'" + std::string(engine) + "' " + command,
                          {{"DATABASE_URL", db.Url()},
                           {"SCHEMA_PATH", SchemaForEngine(project)},
                           {"MIG_PATH", project.migrations.string()}});
    EXPECT_EQ(ran.status, 0) << command << "\n" << ran.out << ran.err;
    said += ran.out + ran.err;
  }
  EXPECT_TRUE(ContainsNoHistory(said)) << said;
  return said;
}

#define BALLAST_NEEDS_PRISMA_ENGINE()            \
  if (std::getenv("BALLAST_PRISMA7") == nullptr) \
  GTEST_SKIP() << "NOT TESTED: BALLAST_PRISMA7 is not set; eval \"$(tools/judges)\" sets it"

// Databases of a part of the replaced history; each follows the squash to its end.
class DatabasesAtPoints {
 public:
  // Without `up_to`, of all migrations.
  DatabasesAtPoints(const Folders& project, const std::string& up_to) : project_(project) {
    std::vector<std::string> names;
    for (const auto& migration : ReadMigrationsFolder(project.migrations.string())) {
      names.push_back(migration.name);
      if (migration.name == up_to) break;
    }
    for (const size_t at : {names.size() / 4, names.size() / 2, names.size() - 2}) {
      if (at + 1 >= names.size()) continue;
      const Ran ran = Ballast(project_, "deploy --strategy history --to " + names[at],
                              databases_[names[at]].Url());
      EXPECT_EQ(ran.status, 0) << names[at] << "\n" << ran.out << ran.err;
    }
  }

  void ExpectTheyFollow(TestDatabase& expected) {
    for (auto& [point, db] : databases_) {
      SCOPED_TRACE(point);
      const Ran followed = Ballast(project_, "deploy --strategy history", db.Url());
      EXPECT_EQ(followed.status, 0) << followed.out << followed.err;
      EXPECT_TRUE(ExpectPrismaSaysUpToDate(db.Url(), project_.schema, project_.migrations));
      const Ran same =
          RunIn(project_.root, "ballast catalog diff '" + expected.Url() + "' '" + db.Url() + "'");
      EXPECT_EQ(same.status, 0) << same.out << same.err;
    }
  }

 private:
  const Folders& project_;
  std::map<std::string, TestDatabase> databases_;
};

// With Prisma alone: the two statements that `ballast squash` prints.
void FollowByPrismaAlone(const Folders& project, const std::string& printed, TestDatabase& db) {
  Prisma(project, "migrate resolve --applied " + SquashOf(project), db);
  Prisma(project, "migrate deploy", db);
  const size_t begin = printed.find("DELETE FROM ");
  ASSERT_NE(begin, std::string::npos) << printed;
  db.Run(printed.substr(begin, printed.find('\n', begin) - begin));
  EXPECT_TRUE(ExpectPrismaSaysUpToDate(db.Url(), project.schema, project.migrations));
}

// A database of the old history by real Prisma; after the squash a fresh one by real Prisma is the
// same, and Prisma agrees with both.
void ExpectPrismaAgrees(const Folders& project, const std::string& up_to = {}) {
  TestDatabase old;
  TestDatabase resolved;
  TestDatabase fresh;
  Prisma(project, "migrate deploy", old);
  Prisma(project, "migrate deploy", resolved);
  const std::string before = EngineSays(project, old);
  DatabasesAtPoints points(project, up_to);
  const Ran squashed =
      Ballast(project, "squash" + (up_to.empty() ? std::string() : " --up-to " + up_to));
  ASSERT_EQ(squashed.status, 0) << squashed.out << squashed.err;
  Prisma(project, "migrate deploy", fresh);
  EXPECT_TRUE(ExpectPrismaSaysUpToDate(fresh.Url(), project.schema, project.migrations));
  EXPECT_EQ(EngineSays(project, fresh), before);

  const Ran followed = Ballast(project, "deploy --strategy history", old.Url());
  ASSERT_EQ(followed.status, 0) << followed.out << followed.err;
  EXPECT_TRUE(ExpectPrismaSaysUpToDate(old.Url(), project.schema, project.migrations));
  Prisma(project, "migrate deploy", old);
  EXPECT_EQ(EngineSays(project, old), before);

  points.ExpectTheyFollow(old);

  FollowByPrismaAlone(project, squashed.out, resolved);
  EXPECT_EQ(EngineSays(project, resolved), before);
  const Ran content = Ballast(project, "deploy --strategy history --strict", resolved.Url());
  EXPECT_EQ(content.status, 0) << content.out << content.err;

  const std::vector<std::string> volatile_tables = VolatileTables(project);
  const auto expected = DumpForComparison(old.target(), volatile_tables);
  const auto actual = DumpForComparison(fresh.target(), volatile_tables);
  if (expected && actual) {
    EXPECT_EQ(*actual, *expected);
  }
}

class SquashTest : public ServerTest {};

const Scripts kHistory = {
    {"20240101000000_init",
     "CREATE TYPE \"Role\" AS ENUM ('A', 'B');\n"
     "CREATE TABLE \"User\" (\"id\" SERIAL PRIMARY KEY, \"role\" \"Role\" NOT NULL DEFAULT 'A');\n"
     "INSERT INTO \"User\" (\"role\") VALUES ('B');\n"},
    {"20240201000000_more", "ALTER TABLE \"User\" ADD COLUMN \"name\" TEXT DEFAULT '';\n"},
    {"20240301000000_index", "CREATE INDEX \"i\" ON \"User\" (\"name\") WHERE \"role\" = 'A';\n"},
    {"20240401000000_view", "CREATE VIEW \"v\" AS SELECT \"id\" FROM \"User\";\n"}};

using SlowSquashTest = SquashTest;

TEST_F(SlowSquashTest, OfAWholeFolder) {
  BALLAST_NEEDS_PRISMA();
  BALLAST_NEEDS_PRISMA_ENGINE();
  const auto project = MakeProject(kHistory);
  ExpectPrismaAgrees({project->path()});
  TestDatabase db;
  Prisma({project->path()}, "migrate deploy", db);
  const std::string said = EngineSays({project->path()}, db);
  EXPECT_NE(said.find("createMigration"), std::string::npos) << said;
}

TEST_F(SlowSquashTest, UpToAMigrationAndThenAgain) {
  BALLAST_NEEDS_PRISMA();
  BALLAST_NEEDS_PRISMA_ENGINE();
  const auto project = MakeProject(kHistory);
  ExpectPrismaAgrees({project->path()}, "20240201000000_more");
  ExpectPrismaAgrees({project->path()});
}

// The real histories.
class SquashCorporaTest : public PackagedProject {};

TEST_P(SquashCorporaTest, PrismaAgrees) {
  BALLAST_NEEDS_SERVER();
  BALLAST_NEEDS_PRISMA();
  BALLAST_NEEDS_PRISMA_ENGINE();
  WriteCorpus();
  ExpectPrismaAgrees({folder_.path()});
}

INSTANTIATE_TEST_SUITE_P(Slow, SquashCorporaTest, ::testing::ValuesIn(CorporaNames()),
                         PackagedProject::NameOf);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SquashCorporaTest);

}  // namespace
}  // namespace ballast::testing
