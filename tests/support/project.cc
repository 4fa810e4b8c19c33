// SPDX-License-Identifier: Apache-2.0
#include "tests/support/project.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::vector<std::string> Lines(const fs::path& path) {
  std::vector<std::string> lines;
  for (const std::string& line : Split(ReadFile(path), '\n')) {
    if (!Trim(line).empty()) lines.emplace_back(Trim(line));
  }
  return lines;
}

std::string Quoted(const std::string& text) {
  return "'" + ReplaceAll(text, "'", "'\\''") + "'";
}

// INSERT statements of one table stand together in a dump; their order is the heap's.
std::string SortInserts(const std::string& dump) {
  std::vector<std::string> lines = Split(dump, '\n');
  for (size_t i = 0; i < lines.size();) {
    if (!lines[i].starts_with("INSERT INTO")) {
      ++i;
      continue;
    }
    size_t end = i;
    while (end < lines.size() && lines[end].starts_with("INSERT INTO")) ++end;
    std::sort(lines.begin() + static_cast<long>(i), lines.begin() + static_cast<long>(end));
    i = end;
  }
  return Join(lines, "\n");
}

// A schema of Prisma 7's style names no URL; the judge, Prisma 6, needs one. Tests set
// DATABASE_URL.
std::string WithUrl(std::string schema) {
  const size_t provider = schema.find("provider", schema.find("datasource "));
  if (provider == std::string::npos || schema.find("DATABASE_URL") != std::string::npos) {
    return schema;
  }
  constexpr std::string_view kUrl = "url = env(\"DATABASE_URL\")";
  const size_t url = schema.find(" url ", provider);
  if (url != std::string::npos && url < schema.find('}', provider)) {
    return schema.replace(url + 1, schema.find('\n', url) - url - 1, kUrl);
  }
  return schema.insert(provider, std::string(kUrl) + "\n  ");
}

}  // namespace

TemporaryFolder::TemporaryFolder(const std::string& hint) {
  std::string pattern = (fs::temp_directory_path() / ("ballast-" + hint + "-XXXXXX")).string();
  path_ = mkdtemp(pattern.data());
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::vector<Corpus> Corpora() {
  const fs::path corpora = fs::path(SharedFolder()) / "corpora";
  std::vector<Corpus> all;
  const fs::path trigger = corpora / "trigger.dev";
  for (const char* version : {"691", "692", "v4.5.9", "head"}) {
    all.push_back({std::string("trigger.dev-") + version,
                   trigger / "schemas" / (std::string(version) + ".prisma"), trigger / "migrations",
                   Lines(trigger / "schemas" / (std::string(version) + ".migrations"))});
  }
  for (const char* name : {"langfuse", "bloom", "amplication", "hoppscotch", "gcforms", "umami"}) {
    all.push_back({name, corpora / name / "schema.prisma", corpora / name / "migrations", {}});
  }
  return all;
}

std::vector<std::string> CorporaNames() {
  std::vector<std::string> names;
  for (const Corpus& corpus : Corpora()) names.push_back(corpus.name);
  return names;
}

void WriteFile(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

void WriteProject(const Corpus& corpus, const fs::path& folder) {
  const fs::path migrations = folder / "prisma/migrations";
  fs::create_directories(migrations);
  std::ofstream(folder / "prisma/schema.prisma") << WithUrl(ReadFile(corpus.schema));
  std::ofstream(migrations / "migration_lock.toml") << "provider = \"postgresql\"\n";
  std::vector<std::string> names = corpus.names;
  if (names.empty()) {
    for (const auto& entry : fs::directory_iterator(corpus.migrations)) {
      if (entry.is_directory()) names.push_back(entry.path().filename().string());
    }
  }
  for (const std::string& name : names) {
    fs::create_directories(migrations / name);
    const fs::path script = corpus.migrations / name / "migration.sql";
    if (fs::exists(script)) fs::copy_file(script, migrations / name / "migration.sql");
  }
}

void WriteBareProject(const Scripts& scripts, const fs::path& folder) {
  fs::create_directories(folder / "prisma/migrations");
  std::ofstream(folder / "prisma/schema.prisma")
      << "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n";
  std::ofstream(folder / "prisma/migrations/migration_lock.toml") << "provider = \"postgresql\"\n";
  AddScripts(folder, scripts);
}

std::unique_ptr<TemporaryFolder> MakeProject(const Scripts& scripts) {
  auto folder = std::make_unique<TemporaryFolder>("project");
  WriteBareProject(scripts, folder->path());
  return folder;
}

void AddScripts(const fs::path& folder, const Scripts& scripts) {
  for (const auto& [name, script] : scripts) {
    WriteFile(folder / "prisma/migrations" / name / "migration.sql", script);
  }
}

Ran RunIn(const fs::path& folder, const std::string& command,
          const std::map<std::string, std::string>& variables) {
  const TemporaryFolder streams("run");
  std::string script =
      "unset BALLAST_STRATEGY BALLAST_BRANCH RAILWAY_GIT_BRANCH DIRECT_URL DATABASE_URL\n"
      "export NO_COLOR=1 PATH=" BALLAST_PROGRAM_DIR ":\"$PATH\"\n";
  for (const auto& [name, value] : variables) {
    script += fmt::format("export {}={}\n", name, Quoted(value));
  }
  script += fmt::format("cd {}\nexec >{} 2>{}\n{}\n", Quoted(folder.string()),
                        Quoted((streams.path() / "out").string()),
                        Quoted((streams.path() / "err").string()), command);
  std::ofstream(streams.path() / "script") << script;
  const int status = std::system(("sh " + Quoted((streams.path() / "script").string())).c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          ReadFile(streams.path() / "out"), ReadFile(streams.path() / "err")};
}

std::optional<Ran> RunPrisma(const std::string& arguments, const std::string& url,
                             const fs::path& schema, const fs::path& migrations) {
  const char* prisma = std::getenv("BALLAST_PRISMA");
  if (prisma == nullptr) return std::nullopt;
  return RunIn(fs::temp_directory_path(), Quoted(prisma) + " " + arguments,
               {{"DATABASE_URL", url},
                {"DIRECT_URL", url},
                {"POSTGRESQL_URL", url},
                {"SCHEMA_PATH", schema.string()},
                {"MIG_PATH", migrations.string()}});
}

bool ExpectPrismaSaysUpToDate(const std::string& url, const fs::path& schema,
                              const fs::path& migrations) {
  const auto status = RunPrisma("migrate status", url, schema, migrations);
  if (!status) return false;
  EXPECT_EQ(status->status, 0) << status->out << status->err;
  EXPECT_NE(status->out.find("Database schema is up to date!"), std::string::npos)
      << status->out << status->err;
  return true;
}

std::optional<std::string> DumpForComparison(const postgres::Target& target,
                                             const std::vector<std::string>& without_rows) {
  std::vector<std::string> options = {"--inserts", "-N", "ballast", "-T", "*._prisma_migrations"};
  for (const std::string& table : without_rows) {
    options.emplace_back("--exclude-table-data");
    options.push_back(table);
  }
  const auto dump = PgDump(target, options);
  if (!dump) return std::nullopt;
  return SortInserts(*dump);
}

}  // namespace ballast::testing
