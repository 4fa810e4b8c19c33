// SPDX-License-Identifier: Apache-2.0
#include "scratch/server_binaries.h"

#include <fmt/format.h>
#include <glob.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>

#include "base/server_versions.h"
#include "base/text.h"
#include "scratch/child_process.h"
#include "scratch/install_line.h"
#include "scratch/npm_programs.h"

namespace ballast::scratch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPlaces[] = {"/usr/lib/postgresql/*/bin",
                                   "/usr/pgsql-*/bin",
                                   "/usr/local/pgsql*/bin",
                                   "/usr/local/lib/postgresql*/bin",
                                   "/usr/libexec/postgresql*",
                                   "/opt/*pgsql*/bin",
                                   "/opt/*postgres*/bin",
                                   "/opt/*postgres*/*/bin",
                                   "/opt/homebrew/opt/postgresql*/bin",
                                   "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
                                   "/snap/postgresql*/current/usr/lib/postgresql/*/bin"};

std::vector<std::string> Glob(const char* pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  if (glob(pattern, 0, nullptr, &found) == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  return paths;
}

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool HasServer(const std::string& folder) {
  return access((folder + "/postgres").c_str(), X_OK) == 0 &&
         access((folder + "/initdb").c_str(), X_OK) == 0;
}

std::string RealFolderOf(const std::string& program) {
  std::error_code failed;
  const fs::path real = fs::canonical(program, failed);
  return failed ? "" : real.parent_path().string();
}

// "postgres (PostgreSQL) 15.14 (Debian …)": also "17beta1", "18devel".
std::optional<ServerBinaries> Identify(const std::string& folder) {
  if (!HasServer(folder)) return std::nullopt;
  const std::string output = OutputOf({folder + "/postgres", "--version"});
  const size_t closing = output.find(") ");
  if (closing == std::string::npos) return std::nullopt;
  const std::string version = output.substr(closing + 2);
  const size_t end = version.find_first_of(" \n");
  return ServerBinaries{folder, version.substr(0, end), std::atoi(version.c_str())};
}

void AddFromPath(std::vector<std::string>& folders) {
  std::set<std::string> asked;
  for (const std::string& folder : Split(Environment("PATH"), ':')) {
    if (folder.empty()) continue;
    folders.push_back(RealFolderOf(folder + "/postgres"));
    const std::string config = folder + "/pg_config";
    // Often /bin is a link to /usr/bin, and both are on the path.
    if (access(config.c_str(), X_OK) == 0 && asked.insert(RealFolderOf(config)).second) {
      folders.emplace_back(Trim(OutputOf({config, "--bindir"})));
    }
  }
}

std::vector<ServerBinaries> SearchServerBinaries() {
  std::vector<std::string> folders;
  for (const char* place : kPlaces) {
    for (std::string& folder : Glob(place)) folders.push_back(std::move(folder));
  }
  AddFromPath(folders);
  std::set<std::string> seen;
  std::vector<ServerBinaries> found;
  for (const std::string& folder : folders) {
    if (folder.empty() || !seen.insert(RealFolderOf(folder + "/postgres")).second) continue;
    if (auto binaries = Identify(folder)) found.push_back(std::move(*binaries));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.major > b.major; });
  return found;
}

// Later, everything that can fail does, with other messages.
std::optional<Error> ShortOfDescriptors() {
  // What a server and this process's connections to it need.
  constexpr rlim_t kNeeded = 64;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kNeeded) return std::nullopt;
  return MakeError(ErrorCode::kScratchFailed,
                   fmt::format("no scratch server can be started: this process may open {} files, "
                               "and needs {}",
                               limit.rlim_cur, kNeeded),
                   "the limit of open files is too low: raise it (ulimit -n 1024)");
}

Error NotFound(const std::string& where, int major) {
  const std::string what = major == 0 ? "PostgreSQL" : fmt::format("PostgreSQL {}", major);
  if (major != 0 && (major < kOldestServerMajor || major > kNewestServerMajor)) {
    return MakeError(
        ErrorCode::kNoServerBinaries,
        fmt::format("no server programs (initdb, postgres) of {} were found {}", what, where),
        fmt::format("ballast supports PostgreSQL {} to {}: choose one of these versions",
                    kOldestServerMajor, kNewestServerMajor));
  }
  const std::string line = InstallLines(major);
  return MakeError(
      ErrorCode::kNoServerBinaries,
      fmt::format("no server programs (initdb, postgres) of {} were found {}", what, where),
      fmt::format("install them{}, name their folder in BALLAST_POSTGRES_BIN, or name a server "
                  "with --scratch-url",
                  line.empty() ? "" : " (" + line + ")"));
}

Error NotInVariable(const std::string& folder, int major) {
  const std::string version = major == 0 ? "" : fmt::format(" of PostgreSQL {}", major);
  return MakeError(ErrorCode::kNoServerBinaries,
                   fmt::format("BALLAST_POSTGRES_BIN is {}, which has no server programs (initdb, "
                               "postgres){}",
                               folder, version),
                   "set it to the folder that has both programs, or unset it to search the usual "
                   "places");
}

}  // namespace

const std::vector<ServerBinaries>& FindServerBinaries() {
  static const std::vector<ServerBinaries> found = SearchServerBinaries();
  return found;
}

Result<ServerBinaries> ChooseServerBinaries(const std::string& folder, int major,
                                            const std::string& project) {
  if (auto shortage = ShortOfDescriptors()) return *std::move(shortage);
  const std::string only = folder.empty() ? Environment("BALLAST_POSTGRES_BIN") : folder;
  if (!only.empty()) {
    const auto binaries = Identify(only);
    if (binaries && (major == 0 || binaries->major == major)) return *binaries;
    return folder.empty() ? NotInVariable(only, major) : NotFound("in " + only, major);
  }
  for (const ServerBinaries& binaries : FindServerBinaries()) {
    if (major == 0 || binaries.major == major) return binaries;
  }
  for (const std::string& programs : NpmProgramFolders(project)) {
    auto binaries = Identify(programs);
    if (binaries && (major == 0 || binaries->major == major)) return *std::move(binaries);
  }
  return NotFound("on this machine", major);
}

}  // namespace ballast::scratch
