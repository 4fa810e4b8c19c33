// SPDX-License-Identifier: Apache-2.0
#include "tests/support/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "base/text.h"
#include "tests/support/test_server.h"

namespace ballast::testing {

namespace fs = std::filesystem;

std::string ReadWholeFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> CorpusNames() {
  std::vector<std::string> names;
  if (SharedFolder().empty()) return names;
  for (const auto& entry : fs::directory_iterator(SharedFolder() + "/corpora")) {
    if (entry.is_directory()) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<release::Migration> ReadMigrationsFolder(const std::string& folder) {
  std::vector<release::Migration> migrations;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_directory() || entry.is_symlink()) continue;
    const std::string script = entry.path().string() + "/migration.sql";
    if (fs::is_regular_file(script)) {
      migrations.push_back(release::MakeMigration(entry.path().filename(), ReadWholeFile(script)));
    } else {
      migrations.push_back({entry.path().filename(), {}, ""});
    }
  }
  release::SortMigrations(migrations);
  return migrations;
}

std::vector<release::Migration> CorpusMigrations(const std::string& corpus,
                                                 const std::string& version) {
  const std::string folder = SharedFolder() + "/corpora/" + corpus;
  std::vector<release::Migration> migrations = ReadMigrationsFolder(folder + "/migrations");
  if (version.empty()) return migrations;
  std::set<std::string> selected;
  const std::string list = fmt::format("{}/schemas/{}.migrations", folder, version);
  for (const std::string& name : Split(ReadWholeFile(list), '\n')) {
    selected.insert(std::string(Trim(name)));
  }
  std::erase_if(migrations,
                [&](const auto& migration) { return !selected.contains(migration.name); });
  return migrations;
}

}  // namespace ballast::testing
