// SPDX-License-Identifier: Apache-2.0
#include "scratch/scratch_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

namespace ballast::scratch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "ballast-scratch-";
constexpr std::string_view kUnfinished = "ballast-unready-";  // made, but not locked yet
constexpr std::string_view kLockName = "owner.lock";
constexpr std::string_view kRandom = "XXXXXX";
constexpr std::string_view kLongestSocketName = "/.s.PGSQL.65535.lock";

bool FitsSocket(const std::string& base) {
  return base.size() + 1 + kPrefix.size() + kRandom.size() + kLongestSocketName.size() <
         sizeof(sockaddr_un::sun_path);
}

// Another account can access it only if every parent folder allows that.
bool IsOpenToOthers(const fs::path& path) {
  for (fs::path at = path;; at = at.parent_path()) {
    struct stat entry {};
    if (stat(at.c_str(), &entry) != 0 || (entry.st_mode & S_IXOTH) == 0) return false;
    if (at == at.parent_path()) return true;
  }
}

// Memory is best for thousands of short-lived files (ext4 can need a millisecond for each after
// many deletions), if there is enough.
bool IsRoomyMemory(const char* folder) {
  constexpr uint64_t kPlenty = uint64_t{2} << 30;
  struct statfs system {};
  return statfs(folder, &system) == 0 && system.f_type == TMPFS_MAGIC &&
         static_cast<uint64_t>(system.f_bavail) * static_cast<uint64_t>(system.f_bsize) >= kPlenty;
}

bool IsUsable(const std::string& base) {
  return base.starts_with('/') && FitsSocket(base) && access(base.c_str(), W_OK | X_OK) == 0 &&
         (geteuid() != 0 || IsOpenToOthers(base));
}

std::string FolderNamedBy(const char* variable) {
  const char* value = std::getenv(variable);
  std::string folder = value == nullptr ? "" : fs::path(value).lexically_normal().string();
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  return folder;
}

// Candidate places for scratch folders, best first.
std::vector<std::string> BaseFolders() {
  std::vector<std::string> bases;
  for (const std::string& base : {FolderNamedBy("BALLAST_SCRATCH_DIR"),
                                  std::string(IsRoomyMemory("/dev/shm") ? "/dev/shm" : ""),
                                  FolderNamedBy("TMPDIR"), std::string("/tmp")}) {
    if (IsUsable(base)) bases.push_back(base);
  }
  if (bases.empty()) bases.emplace_back("/tmp");
  return bases;
}

int OpenLock(const std::string& folder, int flags) {
  const std::string file = fmt::format("{}/{}", folder, kLockName);
  return open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
}

Error CannotMake(const std::string& base) {
  return MakeError(ErrorCode::kCannotWrite,
                   fmt::format("cannot create a folder for the scratch server in {}: {}", base,
                               std::strerror(errno)),
                   "set BALLAST_SCRATCH_DIR to a folder that can be written");
}

bool IsOurs(const fs::path& folder) {
  struct stat entry {};
  if (lstat(folder.c_str(), &entry) != 0 || !S_ISDIR(entry.st_mode)) return false;
  return entry.st_uid == geteuid() || entry.st_uid == ServerAccount().user;
}

// The lock of a folder whose owners are dead, or -1.
int TakeOverLock(const std::string& folder) {
  const int lock = OpenLock(folder, 0);
  if (lock < 0) return -1;
  struct stat entry {};
  const bool ours = fstat(lock, &entry) == 0 && entry.st_uid == geteuid();
  if (ours && flock(lock, LOCK_EX | LOCK_NB) == 0) return lock;
  close(lock);
  return -1;
}

// There are microseconds between mkdtemp and the lock; after an hour its creator is dead.
bool IsForgotten(const fs::path& folder) {
  struct stat entry {};
  return lstat(folder.c_str(), &entry) == 0 && entry.st_mtime + 3600 < time(nullptr);
}

bool Sweep(const fs::path& path) {
  const std::string name = path.filename().string();
  if (!IsOurs(path)) return false;
  if (name.starts_with(kUnfinished)) {
    std::error_code ignored;
    return IsForgotten(path) && fs::remove_all(path, ignored) > 0;
  }
  if (!name.starts_with(kPrefix)) return false;
  const int lock = TakeOverLock(path.string());
  if (lock < 0) return false;
  RemoveScratchFolder({path.string(), lock});
  close(lock);
  return true;
}

void EndServer(pid_t server, const std::string& data) {
  constexpr int kStopAttempts = 500;  // × 10 ms
  kill(server, SIGQUIT);
  for (int i = 0; i < kStopAttempts && ServerProcessIn(data) == server; ++i) usleep(10000);
  if (ServerProcessIn(data) == server) kill(server, SIGKILL);
}

}  // namespace

Result<ScratchFolder> MakeScratchFolder(const ServerAccountIds& account) {
  const std::string base = BaseFolders().front();
  std::string unready = fmt::format("{}/{}{}", base, kUnfinished, kRandom);
  if (mkdtemp(unready.data()) == nullptr) return CannotMake(base);
  const int lock = OpenLock(unready, O_CREAT);
  if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0) return CannotMake(base);
  if (account.change && chown(unready.c_str(), account.user, account.group) != 0) {
    return CannotMake(base);
  }
  ScratchFolder folder{unready, lock};
  folder.path.replace(base.size() + 1, kUnfinished.size(), kPrefix);
  if (rename(unready.c_str(), folder.path.c_str()) != 0) return CannotMake(base);
  return folder;
}

bool IsFull(const ScratchFolder& folder) {
  constexpr uint64_t kLittle = uint64_t{64} << 20;
  struct statfs system {};
  return statfs(folder.path.c_str(), &system) == 0 &&
         static_cast<uint64_t>(system.f_bavail) * static_cast<uint64_t>(system.f_bsize) < kLittle;
}

void RemoveScratchFolder(const ScratchFolder& folder) {
  const std::string data = folder.Data();
  if (const pid_t server = ServerProcessIn(data)) EndServer(server, data);
  std::error_code ignored;
  // The lock is removed last, so that the next sweep recognizes an interrupted removal.
  fs::remove_all(data, ignored);
  fs::remove_all(folder.path, ignored);
}

int SweepScratchFolders() {
  int removed = 0;
  std::error_code failed;
  for (const std::string& base : BaseFolders()) {
    for (const fs::directory_entry& entry : fs::directory_iterator(base, failed)) {
      removed += Sweep(entry.path()) ? 1 : 0;
    }
  }
  return removed;
}

pid_t ServerProcessIn(const std::string& data) {
  std::ifstream file(data + "/postmaster.pid");
  pid_t server = 0;
  if (!(file >> server) || server <= 1) return 0;
  // A server runs in its data folder; otherwise the process id was reused.
  std::error_code failed;
  const fs::path works_in = fs::read_symlink(fmt::format("/proc/{}/cwd", server), failed);
  return !failed && works_in == fs::path(data) ? server : 0;
}

}  // namespace ballast::scratch
