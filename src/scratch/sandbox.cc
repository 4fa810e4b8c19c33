// SPDX-License-Identifier: Apache-2.0
#include "scratch/sandbox.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "scratch/syscall_filter.h"

namespace ballast::scratch {
namespace {

namespace fs = std::filesystem;

// linux/landlock.h, by its documentation (docs.kernel.org/userspace-api/landlock.html): the headers
// of Debian 12 end at version 2.
constexpr uint64_t kExecute = 1U << 0;
constexpr uint64_t kWriteFile = 1U << 1;
constexpr uint64_t kReadFile = 1U << 2;
constexpr uint64_t kReadFolder = 1U << 3;
constexpr uint64_t kMakeCharacterDevice = 1U << 6;
constexpr uint64_t kMakeFifo = 1U << 10;
constexpr uint64_t kMakeBlockDevice = 1U << 11;
constexpr uint64_t kOfVersion1 = (1U << 13) - 1;
constexpr uint64_t kRefer = 1U << 13;          // version 2
constexpr uint64_t kTruncate = 1U << 14;       // version 3
constexpr uint64_t kDeviceControl = 1U << 15;  // version 5
constexpr uint64_t kScopeOfSockets = 1U << 0;  // version 6
constexpr uint64_t kScopeOfSignals = 1U << 1;  // version 6
constexpr uint64_t kOfFiles = kExecute | kWriteFile | kReadFile | kTruncate | kDeviceControl;

struct RulesetAttributes {
  uint64_t handled_files;
  uint64_t handled_network;
  uint64_t scoped;
};
struct __attribute__((packed)) PathAttributes {
  uint64_t allowed;
  int32_t parent;
};
constexpr uint32_t kVersionFlag = 1;
constexpr int kRulePath = 1;

uint64_t HandledBy(int version) {
  uint64_t handled = kOfVersion1;
  if (version >= 2) handled |= kRefer;
  if (version >= 3) handled |= kTruncate;
  if (version >= 5) handled |= kDeviceControl;
  return handled;
}

// Files that the C library and PostgreSQL read on every Linux: libraries, locales, time zones, ICU
// data, dictionaries. No user files.
constexpr const char* kReadable[] = {"/lib",
                                     "/lib64",
                                     "/usr/lib",
                                     "/usr/lib64",
                                     "/usr/local/lib",
                                     "/usr/local/lib64",
                                     "/usr/share",
                                     "/usr/local/share",
                                     "/nix/store",
                                     "/gnu/store",
                                     "/var/cache/postgresql/dicts",
                                     "/etc/ld.so.cache",
                                     "/etc/ld.so.preload",
                                     "/etc/localtime",
                                     "/etc/timezone",
                                     "/etc/ssl/openssl.cnf",
                                     "/etc/pki/tls/openssl.cnf",
                                     "/etc/crypto-policies",
                                     "/dev/urandom",
                                     "/dev/random",
                                     "/dev/zero"};

// The installation of a server program: the path before "/lib/postgresql/" (packages), else the
// parent of bin.
fs::path PrefixOf(const fs::path& program) {
  const std::string text = program.string();
  const size_t packaged = text.find("/lib/postgresql/");
  if (packaged != std::string::npos) return text.substr(0, packaged);
  return program.parent_path().parent_path();
}

// The program's loader (elf(5), PT_INTERP); or empty.
std::string InterpreterOf(const std::string& program) {
  std::ifstream file(program, std::ios::binary);
  Elf64_Ehdr header{};
  if (!file.read(reinterpret_cast<char*>(&header), sizeof header) ||
      std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
    return {};
  }
  for (int i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    file.seekg(
        static_cast<std::streamoff>(header.e_phoff + static_cast<size_t>(i) * sizeof segment));
    if (!file.read(reinterpret_cast<char*>(&segment), sizeof segment)) return {};
    if (segment.p_type != PT_INTERP || segment.p_filesz == 0 || segment.p_filesz > 4096) continue;
    std::string path(segment.p_filesz - 1, '\0');
    file.seekg(static_cast<std::streamoff>(segment.p_offset));
    return file.read(path.data(), static_cast<std::streamsize>(path.size())) ? path : "";
  }
  return {};
}

long CreateRuleset(const RulesetAttributes* attributes, size_t size, uint32_t flags) {
  return syscall(SYS_landlock_create_ruleset, attributes, size, flags);
}

// True when a process can be confined as Enter does it.
bool EnterWorks() {
  const Sandbox sandbox("/proc/self/exe", "/tmp");
  const pid_t child = fork();
  if (child == 0) _exit(sandbox.Enter() ? 0 : 1);
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string FindReason() {
  if (SyscallFilter({}).empty()) return "this processor architecture is not supported";
  if (Sandbox::LandlockVersion() == 0) {
    return "the kernel has no Landlock (Linux 5.13 or later, and not blocked by the container)";
  }
  return EnterWorks() ? "" : "the kernel or the container does not allow it";
}

}  // namespace

int Sandbox::LandlockVersion() {
  const long version = CreateRuleset(nullptr, 0, kVersionFlag);
  return version > 0 ? static_cast<int>(version) : 0;
}

const std::string& Sandbox::Unavailable() {
  static const std::string reason = FindReason();
  return reason;
}

Sandbox::Sandbox(const std::string& program, const std::string& folder)
    : Sandbox(program, folder, LandlockVersion()) {}

Sandbox::Sandbox(const std::string& program, const std::string& folder, int version)
    : version_(version),
      handled_(HandledBy(version)),
      filter_(SyscallFilter({.without_truncate = version < 3})) {
  constexpr uint64_t kRead = kReadFile | kReadFolder;
  constexpr uint64_t kNeverMade = kMakeCharacterDevice | kMakeBlockDevice | kMakeFifo;
  rules_.push_back({folder, handled_ & ~(kExecute | kNeverMade | kDeviceControl)});
  rules_.push_back({program, kReadFile | kExecute});
  if (std::string loader = InterpreterOf(program); !loader.empty()) {
    rules_.push_back({std::move(loader), kReadFile | kExecute});
  }
  rules_.push_back({"/dev/null", kReadFile | kWriteFile | kTruncate});
  for (const char* path : kReadable) rules_.push_back({path, kRead});
  const fs::path prefix = PrefixOf(program);
  for (const char* below : {"lib", "lib64", "share"}) {
    rules_.push_back({(prefix / below).string(), kRead});
  }
}

// A path that does not exist needs no rule.
bool Sandbox::Allow(int ruleset, const Rule& rule) const {
  const int path = open(rule.path.c_str(), O_PATH | O_CLOEXEC);
  if (path < 0) return true;
  struct stat entry {};
  uint64_t access = rule.access & handled_;
  const bool known = fstat(path, &entry) == 0;
  if (!S_ISDIR(entry.st_mode)) access &= kOfFiles;
  const PathAttributes attributes{access, path};
  const bool done = known && (access == 0 || syscall(SYS_landlock_add_rule, ruleset, kRulePath,
                                                     &attributes, 0) == 0);
  close(path);
  return done;
}

bool Sandbox::RestrictFiles() const {
  RulesetAttributes attributes{handled_, 0, 0};
  if (version_ >= 6) attributes.scoped = kScopeOfSockets | kScopeOfSignals;
  const int ruleset = static_cast<int>(CreateRuleset(&attributes, sizeof attributes, 0));
  if (ruleset < 0) return false;
  bool done = true;
  for (const Rule& rule : rules_) done = done && Allow(ruleset, rule);
  done = done && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  close(ruleset);
  return done;
}

bool Sandbox::Enter() const {
  const rlimit no_core{0, 0};
  return setrlimit(RLIMIT_CORE, &no_core) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         RestrictFiles() && InstallSyscallFilter(filter_);
}

}  // namespace ballast::scratch
