// SPDX-License-Identifier: Apache-2.0
// Random valid schemas: `schema sql` against the real Prisma Migrate.
//   BALLAST_PRISMA               a script that runs Prisma 6.19 with the schema in SCHEMA_PATH
//   BALLAST_PRISMA_SCHEMAS       how many schemas, 6 unless said
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "catalog/from_datamodel.h"
#include "tests/support/project.h"
#include "tests/support/random_schema.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

std::string Setting(const char* name, const char* otherwise = "") {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Prisma connects to `url` and writes nothing there.
std::string PrismasScript(const fs::path& schema, const std::string& url) {
  const std::string out = schema.string() + ".sql";
  const std::string command = "SCHEMA_PATH='" + schema.string() + "' DATABASE_URL='" + url + "' '" +
                              Setting("BALLAST_PRISMA") +
                              "' migrate diff --from-empty --to-schema-datamodel '" +
                              schema.string() + "' --script >'" + out + "' 2>'" + out + ".err'";
  if (std::system(command.c_str()) != 0) return "Prisma failed: " + ReadAll(out + ".err");
  return ReadAll(out);
}

// The first line that differs, from both.
std::string FirstDifference(const std::string& a, const std::string& b) {
  std::istringstream lines_a(a);
  std::istringstream lines_b(b);
  std::string line_a;
  std::string line_b;
  while (true) {
    const bool more_a = static_cast<bool>(std::getline(lines_a, line_a));
    const bool more_b = static_cast<bool>(std::getline(lines_b, line_b));
    if (!more_a && !more_b) return "";
    if (line_a != line_b || more_a != more_b) {
      return fmt::format("ours:   {}\nPrisma: {}", line_a, line_b);
    }
  }
}

TEST(RandomSchemas, MatchPrisma) {
  BALLAST_NEEDS_PRISMA();
  const TestDatabase db;
  const fs::path folder =
      fs::temp_directory_path() / ("ballast_random_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  const int count = std::stoi(Setting("BALLAST_PRISMA_SCHEMAS", "6"));
  const int first = std::stoi(Setting("BALLAST_PRISMA_SEED", "1"));
  for (int seed = first; seed < first + count; ++seed) {
    const std::string text = RandomSchema(seed, 30);
    const auto schema = prisma::ReadSchema({{"schema.prisma", text}});
    ASSERT_TRUE(schema.ok()) << "seed " << seed << "\n" << schema.error().Detail("diagnostics");
    const fs::path path = folder / ("seed" + std::to_string(seed) + ".prisma");
    std::ofstream(path, std::ios::binary) << text;
    const std::string ours = catalog::RenderSchemaSql(schema->datamodel) + "\n";
    EXPECT_EQ(FirstDifference(ours, PrismasScript(path, db.Url())), "") << "seed " << seed;
  }
  fs::remove_all(folder);
}

// Without a judge at least this: random schemas are valid, and printing them is stable.
TEST(RandomSchemas, AreValid) {
  for (int seed = 1; seed <= 40; ++seed) {
    const auto schema = prisma::ReadSchema({{"schema.prisma", RandomSchema(seed, 20)}});
    ASSERT_TRUE(schema.ok()) << "seed " << seed << "\n" << schema.error().Detail("diagnostics");
    const std::string once = catalog::RenderSchemaSql(schema->datamodel);
    EXPECT_EQ(once, catalog::RenderSchemaSql(schema->datamodel));
    EXPECT_NE(once.find("CREATE TABLE"), std::string::npos);
  }
}

}  // namespace
}  // namespace ballast::testing
