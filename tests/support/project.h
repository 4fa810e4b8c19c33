// SPDX-License-Identifier: Apache-2.0
// Real projects for tests: a folder with schema and migrations, the program run in it, and the
// judges.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "postgres/url.h"

namespace ballast::testing {

// A temporary folder, removed by the destructor.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& hint);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Makes the folders on the way.
void WriteFile(const std::filesystem::path& file, const std::string& bytes);

// A corpus of the public test data: its name, where its schema lies, and its migrations' names
// (empty: all of the folder's).
struct Corpus {
  std::string name;  // "trigger.dev-691", "langfuse"
  std::filesystem::path schema;
  std::filesystem::path migrations;
  std::vector<std::string> names;
};
std::vector<Corpus> Corpora();
std::vector<std::string> CorporaNames();

// Writes it as a project in Prisma's usual layout: prisma/schema.prisma, prisma/migrations.
void WriteProject(const Corpus& corpus, const std::filesystem::path& folder);

// Names and scripts of migrations.
using Scripts = std::vector<std::pair<std::string, std::string>>;

// The smallest project that has these migrations, in the same layout: its schema names a datasource
// (DATABASE_URL) and no model.
void WriteBareProject(const Scripts& scripts, const std::filesystem::path& folder);
std::unique_ptr<TemporaryFolder> MakeProject(const Scripts& scripts);
// Further migrations of a project.
void AddScripts(const std::filesystem::path& folder, const Scripts& scripts);

struct Ran {
  int status = 0;
  std::string out;  // stdout
  std::string err;
};
// Runs `command` with /bin/sh in the folder, with these variables besides the environment's; those
// that name a branch, a strategy or a database are cleared first. `ballast` is on the PATH.
Ran RunIn(const std::filesystem::path& folder, const std::string& command,
          const std::map<std::string, std::string>& variables = {});

// Real Prisma (BALLAST_PRISMA), on a project; nullopt when it is not on this machine.
std::optional<Ran> RunPrisma(const std::string& arguments, const std::string& url,
                             const std::filesystem::path& schema,
                             const std::filesystem::path& migrations);

// That its `migrate status` finds the database up to date. False, and nothing is asked, without it.
bool ExpectPrismaSaysUpToDate(const std::string& url, const std::filesystem::path& schema,
                              const std::filesystem::path& migrations);

// pg_dump without the migrations table and our journal, so that two databases can be compared
// line by line; rows too, sorted within each table, but for those tables. Nullopt: no
// pg_dump for this server.
std::optional<std::string> DumpForComparison(const postgres::Target& target,
                                             const std::vector<std::string>& without_rows = {});

}  // namespace ballast::testing

// Ends the test as skipped, with the reason, where real Prisma is not on this machine.
#define BALLAST_NEEDS_PRISMA()                  \
  if (std::getenv("BALLAST_PRISMA") == nullptr) \
  GTEST_SKIP() << "NO PRISMA: eval \"$(tools/judges)\" installs it (needs npm)"
