// SPDX-License-Identifier: Apache-2.0
// Real projects in the layout of their own repositories (tests/golden/corpora_layouts.txt), found
// without configuration.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/support/project.h"
#include "tests/support/test_server.h"
#include "workspace/layout_cases.h"
#include "workspace/migrations_folder.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using workspace::LayoutCase;

class CorporaLayoutsTest : public ::testing::Test {
 protected:
  void SetUp() override { BALLAST_NEEDS_SHARED(); }

  static json Answer(const fs::path& folder, const std::string& command, const TestDatabase& db) {
    const Ran ran = RunIn(folder, "ballast " + command + " --output json",
                          {{"DATABASE_URL", db.Url()},
                           {"DIRECT_URL", db.Url()},
                           {"POSTGRESQL_URL", db.Url()},
                           {"RUN_OPS_DATABASE_URL", db.Url()}});
    const json answer = json::parse(ran.out, nullptr, /*allow_exceptions=*/false);
    EXPECT_TRUE(answer.is_object()) << ran.out << ran.err;
    return answer.is_object() ? answer : json::object();
  }

  // Started there, the project of `schema` is found, and all of its migrations are pending.
  static void ExpectFound(const fs::path& start, const fs::path& schema, size_t migrations,
                          const std::string& project) {
    SCOPED_TRACE(start);
    const TestDatabase db;
    const json status = Answer(start, "status --strategy history", db);
    ASSERT_TRUE(status["error"].is_null()) << status["error"];
    EXPECT_EQ(status["pending"].size(), migrations);
    EXPECT_EQ(status["target"]["project"], project.empty() ? json() : json(project));
    const json checks = Answer(start, "doctor --strategy history", db).value("checks", json());
    const auto found = std::ranges::find_if(
        checks, [](const json& check) { return check["id"] == "project.schema"; });
    ASSERT_NE(found, checks.end()) << checks;
    EXPECT_EQ((*found)["message"], schema.string());
  }

  static size_t CountOf(const fs::path& migrations) {
    const auto folder = workspace::LoadMigrations(migrations);
    EXPECT_TRUE(folder.ok());
    return folder.ok() ? folder->migrations.size() : 0;
  }

  // A checkout of the case's corpus.
  static void WriteCheckout(const LayoutCase& c, const workspace::TestFolder& top) {
    const std::vector<Corpus> corpora = Corpora();
    const auto corpus = std::ranges::find(corpora, c.name, &Corpus::name);
    ASSERT_NE(corpus, corpora.end()) << c.name;
    workspace::WriteLayout(c, top);
    WriteProject(*corpus, (top.Path() / c.Expected("folder")).lexically_normal());
  }
};

TEST_F(CorporaLayoutsTest, AreFoundFromEverywhereInTheirRepositories) {
  const std::vector<LayoutCase> cases = workspace::ReadLayoutCases("corpora_layouts.txt");
  EXPECT_EQ(cases.size(), 7U);
  for (const LayoutCase& c : cases) {
    SCOPED_TRACE(c.name);
    const workspace::TestFolder top;
    ASSERT_NO_FATAL_FAILURE(WriteCheckout(c, top));
    const fs::path prisma = (top.Path() / c.Expected("folder") / "prisma").lexically_normal();
    const size_t migrations = CountOf(prisma / "migrations");
    EXPECT_GE(migrations, 15U);
    for (const std::string& start : {std::string("."), c.Expected("folder"), c.Expected("below")}) {
      ExpectFound(top.Path() / start, prisma / "schema.prisma", migrations, c.Expected("project"));
    }
  }
}

TEST_F(CorporaLayoutsTest, TheSecondDatabaseOfTriggerDevIsFoundInItsFolder) {
  const std::vector<LayoutCase> cases = workspace::ReadLayoutCases("corpora_layouts.txt");
  const workspace::TestFolder top;
  ASSERT_NO_FATAL_FAILURE(WriteCheckout(cases.front(), top));
  const std::string schema = "internal-packages/run-ops-database/prisma/schema.prisma";
  for (const char* start : {".", "src", "prisma"}) {
    ExpectFound(top.Path() / "internal-packages/run-ops-database" / start, top.Path() / schema, 1,
                schema);
  }
}

}  // namespace
}  // namespace ballast::testing
