// SPDX-License-Identifier: Apache-2.0
// `schema check` on real projects: each difference on which somebody should act is one for real
// Prisma, too (`migrate diff --from-migrations --to-schema-datamodel`, by the engine of Prisma 7
// or, for what only earlier versions report, by Prisma 6.19).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <sstream>

#include "tests/support/packaged_project.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string Read(const fs::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

// The engine panics when it reads CHECK and EXCLUDE constraints, which no schema can express.
constexpr const char* kWithoutChecks = R"(DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
    WHERE contype IN ('c', 'x') AND conrelid <> 0 AND coninhcount = 0
      AND connamespace <> 'information_schema'::regnamespace
  LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', one.of, one.conname); END LOOP;
END $$;
)";

// Newer versions of Prisma refuse @@id in a view; a view makes no DDL.
std::string WithoutKeysOfViews(const std::string& schema) {
  std::istringstream lines(schema);
  std::string text;
  bool in_view = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("view ")) in_view = true;
    if (line.starts_with("}")) in_view = false;
    if (in_view) line = std::regex_replace(line, std::regex("@@id"), "@@unique");
    text += line + "\n";
  }
  return text;
}

// The schema as Prisma 7 accepts it: without URLs and features that it dropped.
std::string ForPrisma7(const std::string& schema) {
  std::istringstream lines(schema);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_search(line, std::regex(R"(^\s*(url|directUrl|shadowDatabaseUrl)\s*=)")))
      continue;
    if (line.find("previewFeatures") != std::string::npos) {
      line = std::regex_replace(line, std::regex(R"(, "metrics"|"metrics",? ?)"), "");
    }
    text += line + "\n";
  }
  return text;
}

// The last name of an object, in quotes: of `column "A"."b"` it is "b".
std::string QuotedName(std::string object) {
  if (object.ends_with('"')) return object.substr(object.rfind('"', object.size() - 2));
  return '"' + object.substr(object.find_last_of(" .") + 1) + '"';
}

class SchemaCheckTest : public PackagedProject {
 protected:
  void SetUp() override {
    BALLAST_NEEDS_SHARED();
    if (std::getenv("BALLAST_PRISMA7") == nullptr) {
      GTEST_SKIP() << "NOT TESTED: BALLAST_PRISMA7 is not set; eval \"$(tools/judges)\" sets it";
    }
    ASSERT_NO_FATAL_FAILURE(WriteCorpus());
    const fs::path schema = folder_.path() / "prisma/schema.prisma";
    WriteFile(schema, WithoutKeysOfViews(Read(schema)));
  }

  // What Prisma would still do to make the migrations' database that of the schema.
  std::string PrismaScript() {
    const fs::path& folder = folder_.path();
    fs::copy(folder / "prisma/migrations", folder / "judged", fs::copy_options::recursive);
    WriteFile(folder / "judged/99999999999999_without_checks/migration.sql", kWithoutChecks);
    WriteFile(folder / "judged.prisma", ForPrisma7(Read(folder / "prisma/schema.prisma")));
    const TestDatabase db;
    const Ran ran = RunIn(folder, fmt::format("'{}' drift", std::getenv("BALLAST_PRISMA7")),
                          {{"DATABASE_URL", db.Url()},
                           {"SCHEMA_PATH", (folder / "judged.prisma").string()},
                           {"MIG_PATH", (folder / "judged").string()}});
    EXPECT_EQ(ran.status, 0) << ran.err;
    const json answer = json::parse(ran.out, nullptr, /*allow_exceptions=*/false);
    EXPECT_TRUE(answer.is_object()) << ran.out;
    return answer.value("stdout", "");
  }

  // The same from Prisma 6.19, which does not see partial indexes; empty without that judge.
  std::string ScriptOfPrisma6() {
    const char* prisma = std::getenv("BALLAST_PRISMA");
    if (prisma == nullptr) return {};
    const fs::path schema = folder_.path() / "prisma/schema.prisma";
    const fs::path migrations = folder_.path() / "judged";
    const TestDatabase db;
    const Ran ran = RunIn(
        folder_.path(),
        fmt::format("'{}' migrate diff --from-migrations '{}' --to-schema-datamodel '{}' --script",
                    prisma, migrations.string(), schema.string()),
        {{"DATABASE_URL", db.Url()},
         {"SCHEMA_PATH", schema.string()},
         {"MIG_PATH", migrations.string()}});
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran.out;
  }

  json Check() {
    const Ran ran = RunIn(folder_.path(), "ballast schema check --output json");
    EXPECT_LE(ran.status, 1) << ran.out << ran.err;
    return json::parse(ran.out);
  }
};

TEST_P(SchemaCheckTest, ReportsOnlyWhatPrismaReports) {
  const std::string script = PrismaScript();
  const json report = Check();
  ASSERT_TRUE(report.at("error").is_null()) << report.at("error");
  size_t disagreements = 0;
  std::optional<std::string> of_prisma6;
  for (const json& difference : report.at("differences")) {
    if (!difference.at("disagreement")) continue;
    ++disagreements;
    const std::string name = QuotedName(difference.at("object"));
    if (script.find(name) != std::string::npos) continue;
    if (!of_prisma6) of_prisma6 = ScriptOfPrisma6();
    EXPECT_NE(of_prisma6->find(name), std::string::npos) << difference;
  }
  EXPECT_EQ(report.at("agree"), disagreements == 0);
  const bool nothing = script.find("This is an empty migration") != std::string::npos;
  if (nothing && !of_prisma6) {
    EXPECT_EQ(disagreements, 0U);
  }
}

// What somebody looked at is accepted by one command, and CI passes from then on.
TEST_P(SchemaCheckTest, AcceptsByOneCommand) {
  const Ran accepted = RunIn(folder_.path(), "ballast schema check --accept");
  EXPECT_EQ(accepted.status, 0) << accepted.out << accepted.err;
  const Ran again = RunIn(folder_.path(), "ballast schema check");
  EXPECT_EQ(again.status, 0) << again.out << again.err;
}

INSTANTIATE_TEST_SUITE_P(Slow, SchemaCheckTest, ::testing::ValuesIn(CorporaNames()),
                         PackagedProject::NameOf);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SchemaCheckTest);

}  // namespace
}  // namespace ballast::testing
