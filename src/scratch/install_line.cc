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

// Debian and its derivatives have one version each; the project's own repository has all of them,
// and the system's postgresql-common has the script that adds it
// (https://wiki.postgresql.org/wiki/Apt).
constexpr std::string_view kFromPgdg =
    "apt-get update && apt-get install -y postgresql-common && "
    "/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && "
    "apt-get install -y postgresql-{}";
constexpr std::string_view kOfSystem = "apt-get update && apt-get install -y postgresql-{}";

// The version that a release of Debian or Ubuntu has.
struct AptRelease {
  std::string_view codename;
  int major;
};
constexpr AptRelease kAptReleases[] = {{"bullseye", 13}, {"bookworm", 15}, {"trixie", 17},
                                       {"jammy", 14},    {"noble", 16},    {"plucky", 17}};

struct PackageManager {
  std::string_view system;   // an ID of os-release
  std::string_view newest;   // without a version
  std::string_view version;  // {} is the major version
};

constexpr PackageManager kPackageManagers[] = {
    {"debian", "apt-get update && apt-get install -y postgresql", kFromPgdg},
    {"ubuntu", "apt-get update && apt-get install -y postgresql", kFromPgdg},
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

// The words of a variable of os-release.
std::vector<std::string> WordsOfVariable(std::string_view os_release, std::string_view variable) {
  std::vector<std::string> words;
  for (const std::string& line : Split(std::string(os_release), '\n')) {
    const size_t equals = line.find('=');
    if (equals == std::string::npos || line.substr(0, equals) != variable) continue;
    const std::string value = ReplaceAll(ReplaceAll(line.substr(equals + 1), "\"", ""), "'", "");
    for (std::string& word : Split(value, ' ')) words.push_back(std::move(word));
  }
  return words;
}

// The words of ID and ID_LIKE, the system's own name first.
std::vector<std::string> SystemsOf(std::string_view os_release) {
  std::vector<std::string> systems = WordsOfVariable(os_release, "ID");
  for (std::string& like : WordsOfVariable(os_release, "ID_LIKE")) {
    systems.push_back(std::move(like));
  }
  return systems;
}

// Whether the system's own package index has the version.
bool IsOfAptRelease(std::string_view os_release, int major) {
  for (const char* variable : {"VERSION_CODENAME", "UBUNTU_CODENAME", "DEBIAN_CODENAME"}) {
    for (const std::string& codename : WordsOfVariable(os_release, variable)) {
      for (const AptRelease& release : kAptReleases) {
        if (release.codename == codename && release.major == major) return true;
      }
    }
  }
  return false;
}

std::string LineOf(const PackageManager& manager, std::string_view os_release, int major) {
  if (major == 0) return std::string(manager.newest);
  const bool of_system = manager.version == kFromPgdg && IsOfAptRelease(os_release, major);
  return fmt::format(fmt::runtime(of_system ? kOfSystem : manager.version), major);
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
      if (of.system == system) return LineOf(of, os_release, major);
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
