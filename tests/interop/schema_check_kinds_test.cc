// SPDX-License-Identifier: Apache-2.0
// `schema check` on the kinds of tests/golden/schema_check_kinds.txt: it reports a difference
// exactly where real Prisma would write DDL (`migrate diff --from-migrations
// --to-schema-datamodel`), by the engine of Prisma 7 and by Prisma 6.19.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "base/text.h"
#include "tests/support/packaged_project.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Kind {
  std::string name;
  std::string fields;   // of the model, after its id
  std::string columns;  // of the table, after its id
  std::string after;    // statements
};

std::vector<Kind> ReadKinds() {
  const char* source = std::getenv("BALLAST_SOURCE_DIR");
  std::ifstream file(fs::path(source == nullptr ? "." : source) /
                     "tests/golden/schema_check_kinds.txt");
  std::vector<Kind> kinds;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("== ")) kinds.push_back({line.substr(3), "", "", ""});
    if (line.starts_with("field ")) kinds.back().fields += "  " + line.substr(6) + "\n";
    if (line.starts_with("column ")) kinds.back().columns += "    " + line.substr(7) + ",\n";
    if (line.starts_with("then ")) kinds.back().after += line.substr(5) + ";\n";
  }
  return kinds;
}

constexpr const char* kPartialIndexes =
    "generator client {\n  provider = \"prisma-client-js\"\n"
    "  previewFeatures = [\"partialIndexes\"]\n}\n";

std::string SchemaOf(const std::vector<Kind>& kinds, bool with_url, const std::string& generator) {
  std::string schema = generator + "datasource db {\n  provider = \"postgresql\"\n";
  if (with_url) schema += "  url = env(\"DATABASE_URL\")\n";
  schema += "}\nenum mood {\n  a\n  b\n}\n";
  for (const Kind& kind : kinds) {
    schema += fmt::format("model {} {{\n  id Int @id\n{}}}\n", kind.name, kind.fields);
  }
  return schema;
}

std::string MigrationOf(const std::vector<Kind>& kinds) {
  std::string script =
      "CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TYPE composite AS (x int);\n"
      "CREATE EXTENSION citext;\n"
      "CREATE DOMAIN dom AS text; CREATE DOMAIN required AS text NOT NULL;\n"
      "CREATE DOMAIN short AS varchar(20); CREATE DOMAIN shorter AS short;\n"
      "CREATE DOMAIN letter AS char; CREATE DOMAIN letters AS letter;\n"
      "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n";
  std::string after;
  for (const Kind& kind : kinds) {
    script += fmt::format(
        "CREATE TABLE \"{0}\" (id INTEGER NOT NULL,\n{1}    CONSTRAINT \"{0}_pkey\" PRIMARY KEY "
        "(id));\n",
        kind.name, kind.columns);
    after += kind.after;
  }
  return script + after;
}

// Whether the text names the kind's table or an object whose name begins with it.
bool Names(const std::string& text, const std::string& kind) {
  return text.find("\"" + kind + "\"") != std::string::npos ||
         text.find("\"" + kind + "_") != std::string::npos;
}

class SchemaCheckKindsTest : public ::testing::Test {
 protected:
  // Writes the project, and runs a judge, which gets the places of schema and migrations.
  Ran Judge(const std::string& version, bool with_url, const std::string& command,
            const std::string& generator = {}) {
    WriteFile(folder_.path() / "package.json",
              fmt::format(R"({{"devDependencies": {{"prisma": "{}"}}}})", version));
    const fs::path schema = folder_.path() / "prisma/schema.prisma";
    const fs::path migrations = folder_.path() / "prisma/migrations";
    WriteFile(schema, SchemaOf(kinds_, with_url, generator));
    WriteFile(migrations / "20240101000000_init/migration.sql", MigrationOf(kinds_));
    WriteFile(migrations / "migration_lock.toml", "provider = \"postgresql\"\n");
    const TestDatabase db;
    return RunIn(folder_.path(), command,
                 {{"DATABASE_URL", db.Url()},
                  {"SCHEMA_PATH", schema.string()},
                  {"MIG_PATH", migrations.string()}});
  }

  void ExpectDifferencesOf(std::string script) const {
    script = std::regex_replace(script, std::regex("REFERENCES \"[^\"]*\""), "");
    const Ran checked = RunIn(folder_.path(), "ballast schema check --output json");
    EXPECT_EQ(checked.status, 1) << checked.err;
    const json report = json::parse(checked.out);
    ASSERT_TRUE(report.at("error").is_null()) << report;
    for (const Kind& kind : kinds_) {
      std::string lines;
      bool differs = false;
      for (const json& difference : report.at("differences")) {
        if (!Names(difference.at("object"), kind.name)) continue;
        lines += difference.dump() + "\n";
        differs = differs || difference.at("level") == "difference";
      }
      EXPECT_EQ(differs, Names(script, kind.name)) << kind.name << "\n" << lines;
    }
  }

  const std::vector<Kind> kinds_ = ReadKinds();
  const TemporaryFolder folder_{"kinds"};
};

TEST_F(SchemaCheckKindsTest, AreJudgedAsPrisma7Does) {
  const char* engine = std::getenv("BALLAST_PRISMA7");
  if (engine == nullptr) {
    GTEST_SKIP() << "NOT TESTED: BALLAST_PRISMA7 is not set; eval \"$(tools/judges)\" sets it";
  }
  ASSERT_GT(kinds_.size(), 200U);
  for (const char* generator : {"", kPartialIndexes}) {
    const Ran judged = Judge("7.10.0", false, fmt::format("'{}' drift", engine), generator);
    ASSERT_EQ(judged.status, 0) << judged.err;
    ExpectDifferencesOf(json::parse(judged.out).value("stdout", ""));
  }
}

TEST_F(SchemaCheckKindsTest, AreJudgedAsPrisma6Does) {
  const char* prisma = std::getenv("BALLAST_PRISMA");
  if (prisma == nullptr) {
    GTEST_SKIP() << "NOT TESTED: BALLAST_PRISMA is not set; eval \"$(tools/judges)\" sets it";
  }
  const Ran judged = Judge("6.19.0", true,
                           fmt::format("'{}' migrate diff --from-migrations \"$MIG_PATH\" "
                                       "--to-schema-datamodel \"$SCHEMA_PATH\" --script",
                                       prisma));
  ASSERT_EQ(judged.status, 0) << judged.err;
  ExpectDifferencesOf(judged.out);
}

}  // namespace
}  // namespace ballast::testing
