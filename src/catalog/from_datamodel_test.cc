// SPDX-License-Identifier: Apache-2.0
// The datamodel as DDL: the repo's own cases, and the large public ones where they are at hand.
#include "catalog/from_datamodel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace ballast::catalog {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

fs::path SourceDir() {
  const char* dir = std::getenv("BALLAST_SOURCE_DIR");
  return dir == nullptr ? fs::path(".") : fs::path(dir);
}

// The folder of material that is not part of the repository, or nothing.
std::optional<fs::path> SharedDir() {
  const char* dir = std::getenv("BALLAST_SHARED");
  const fs::path path = dir == nullptr ? SourceDir().parent_path() / "shared" : fs::path(dir);
  return fs::exists(path / "psl-cases") ? std::optional(path) : std::nullopt;
}

// What `schema sql` answers: the script, or the rendered faults.
std::string Answer(const prisma::SchemaFile& file, const prisma::ParseOptions& options) {
  const auto schema = prisma::ReadSchema({file}, options);
  if (schema.ok()) return RenderSchemaSql(schema->datamodel, options.compat);
  const std::string rendered = schema.error().Detail("diagnostics");
  return rendered.empty() ? schema.error().message + "\n" : rendered;
}

std::vector<fs::path> FilesIn(const fs::path& folder, const std::string& ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().string().ends_with(ending)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// tests/golden/schema: a schema, a line "==== script" or "==== error", and the answer. The first
// line may say "// compat 5" or 7. UPDATE_GOLDEN=1 rewrites the answers.
class GoldenCase {
 public:
  explicit GoldenCase(const fs::path& path) : path_(path) {
    const std::string text = ReadAll(path);
    const size_t line = text.find("\n==== ") + 1;
    schema_ = text.substr(0, line);
    rest_ = text.substr(line);
    if (schema_.starts_with("// compat 5")) options_.compat = prisma::Compat::kPrisma5;
    if (schema_.starts_with("// compat 7")) options_.compat = prisma::Compat::kPrisma7;
  }

  const std::string& expected() const { return rest_; }

  std::string Actual() const {
    const prisma::SchemaFile file{"schema.prisma", schema_};
    const bool valid = prisma::ReadSchema({file}, options_).ok();
    return (valid ? "==== script\n" : "==== error\n") + Answer(file, options_);
  }

  void Update() const { std::ofstream(path_, std::ios::binary) << schema_ << Actual(); }

 private:
  fs::path path_;
  std::string schema_;
  std::string rest_;
  prisma::ParseOptions options_;
};

TEST(GoldenSchemas, MatchTheirExpectedOutput) {
  int count = 0;
  for (const fs::path& path : FilesIn(SourceDir() / "tests/golden/schema", ".txt")) {
    const GoldenCase golden(path);
    if (std::getenv("UPDATE_GOLDEN") != nullptr) {
      golden.Update();
    } else {
      EXPECT_EQ(golden.Actual(), golden.expected()) << path;
    }
    ++count;
  }
  EXPECT_GE(count, 25);
}

TEST(SharedCases, ValidSchemasMatchPrismasScript) {
  const auto shared = SharedDir();
  if (!shared) GTEST_SKIP() << "NO TEST DATA: set BALLAST_SHARED to the folder with psl-cases/";
  int count = 0;
  for (const fs::path& path : FilesIn(*shared / "psl-cases", ".sql")) {
    fs::path schema = path;
    schema.replace_extension(".prisma");
    EXPECT_EQ(Answer({"schema.prisma", ReadAll(schema)}, {}), ReadAll(path)) << schema;
    ++count;
  }
  EXPECT_GE(count, 69);
}

TEST(SharedCases, InvalidSchemasMatchPrismasErrors) {
  const auto shared = SharedDir();
  if (!shared) GTEST_SKIP() << "NO TEST DATA: set BALLAST_SHARED to the folder with psl-cases/";
  int count = 0;
  for (const fs::path& path : FilesIn(*shared / "psl-cases", ".err")) {
    const std::string schema = path.string().substr(0, path.string().size() - 4) + ".bad.prisma";
    std::string answer = Answer({"schema.prisma", ReadAll(schema)}, {});
    std::string expected = ReadAll(path);
    if (expected.find("   0: ") != std::string::npos) {
      expected.resize(expected.find("   0: "));  // the engine's own trace follows
    } else {
      answer += "\n";
    }
    EXPECT_EQ(answer, expected) << schema;
    ++count;
  }
  EXPECT_GE(count, 70);
}

TEST(SharedCases, PublicProjectsMatchTheirGoldenScripts) {
  const auto shared = SharedDir();
  if (!shared) GTEST_SKIP() << "NO TEST DATA: set BALLAST_SHARED to the folder with corpora/";
  struct Pair {
    fs::path schema;
    fs::path golden;
  };
  std::vector<Pair> pairs;
  for (const auto& project : fs::directory_iterator(*shared / "corpora")) {
    if (fs::exists(project.path() / "golden.sql")) {
      pairs.push_back({project.path() / "schema.prisma", project.path() / "golden.sql"});
    }
    if (!fs::is_directory(project.path() / "golden")) continue;
    for (const fs::path& golden : FilesIn(project.path() / "golden", ".sql")) {
      const std::string name = golden.stem().string() + ".prisma";
      pairs.push_back({project.path() / "schemas" / name, golden});
    }
  }
  for (const Pair& pair : pairs) {
    std::string schema = ReadAll(pair.schema);
    EXPECT_FALSE(schema.empty()) << pair.schema;
    prisma::ParseOptions options;
    options.allow_missing_url = true;
    options.keys_of_views = true;
    const prisma::ParsedSchema parsed = prisma::Parse({{"schema.prisma", schema}}, options);
    std::string faults;
    for (const auto& diagnostic : parsed.diagnostics) {
      if (diagnostic.severity == prisma::Severity::kError) faults += diagnostic.message + "\n";
    }
    EXPECT_EQ(faults, "") << pair.schema;
    if (faults.empty()) {
      // The command line ends what it prints with a newline of its own.
      EXPECT_TRUE(RenderSchemaSql(parsed.datamodel) + "\n" == ReadAll(pair.golden)) << pair.schema;
    }
  }
  EXPECT_GE(pairs.size(), 9u);
}

}  // namespace
}  // namespace ballast::catalog
