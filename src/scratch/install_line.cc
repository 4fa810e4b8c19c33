// SPDX-License-Identifier: Apache-2.0
#include "scratch/install_line.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "base/text.h"
#include "scratch/npm_programs.h"

namespace ballast::scratch {
namespace {

struct PackageManager {
  std::string_view system;   // an ID of os-release
  std::string_view newest;   // without a version
  std::string_view version;  // {} is the major version
};

constexpr PackageManager kPackageManagers[] = {
    {"debian", "apt-get update && apt-get install -y postgresql",
     "apt-get update && apt-get install -y postgresql-{}"},
    {"ubuntu", "apt-get update && apt-get install -y postgresql",
     "apt-get update && apt-get install -y postgresql-{}"},
    {"alpine", "apk add postgresql", "apk add postgresql{}"},
    {"fedora", "dnf install postgresql-server", "dnf install postgresql{}-server"},
    {"rhel", "dnf install postgresql-server", "dnf module install postgresql:{}/server"},
    {"centos", "dnf install postgresql-server", "dnf module install postgresql:{}/server"},
    {"amzn", "dnf install postgresql15-server", "dnf install postgresql{}-server"},
    {"suse", "zypper install postgresql-server", "zypper install postgresql{}-server"},
    {"opensuse", "zypper install postgresql-server", "zypper install postgresql{}-server"},
    {"arch", "pacman -S postgresql", "pacman -S postgresql"},
    {"nixos", "nix-shell -p postgresql", "nix-shell -p postgresql_{}"},
};

// The words of ID and ID_LIKE, the system's own name first.
std::vector<std::string> SystemsOf(std::string_view os_release) {
  std::vector<std::string> own;
  std::vector<std::string> like;
  for (const std::string& line : Split(std::string(os_release), '\n')) {
    const size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    const std::string key = line.substr(0, equals);
    if (key != "ID" && key != "ID_LIKE") continue;
    std::string value = ReplaceAll(ReplaceAll(line.substr(equals + 1), "\"", ""), "'", "");
    for (std::string& word : Split(value, ' ')) (key == "ID" ? own : like).push_back(word);
  }
  own.insert(own.end(), like.begin(), like.end());
  return own;
}

std::string ReadOsRelease() {
  std::ifstream file("/etc/os-release");
  if (!file) file.open("/usr/lib/os-release");
  return {std::istreambuf_iterator<char>(file), {}};
}

#if defined(__aarch64__)
constexpr const char* kGlibcLoader = "/lib/ld-linux-aarch64.so.1";
#else
constexpr const char* kGlibcLoader = "/lib64/ld-linux-x86-64.so.2";
#endif

// Alpine can have a loader of that name, which does not run these programs.
bool HasGlibc() {
  std::error_code ignored;
  return std::filesystem::exists(kGlibcLoader, ignored) &&
         !std::filesystem::exists("/etc/alpine-release", ignored);
}

}  // namespace

std::string InstallLineFor(std::string_view os_release, int major) {
  for (const std::string& system : SystemsOf(os_release)) {
    for (const PackageManager& of : kPackageManagers) {
      if (of.system != system) continue;
      return major == 0 ? std::string(of.newest) : fmt::format(fmt::runtime(of.version), major);
    }
  }
  return "";
}

std::string InstallLines(int major) {
  const std::string system = InstallLineFor(ReadOsRelease(), major);
  if (major != 0 || !HasGlibc()) return system;
  const std::string npm = fmt::format("npm install --save-dev {}", NpmPackageName());
  return system.empty() ? npm : system + ", or in the project " + npm;
}

}  // namespace ballast::scratch
