// SPDX-License-Identifier: Apache-2.0
#include "workspace/replace_entries.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>
#include <system_error>

#include "workspace/descriptor.h"
#include "workspace/files.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFileMode = 0644;

Status WriteDurably(const fs::path& path, const std::string& bytes) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
  if (file.Get() < 0) return CannotWrite(path, errno);
  for (size_t done = 0; done < bytes.size();) {
    const ssize_t written = write(file.Get(), bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return CannotWrite(path, errno);
    done += static_cast<size_t>(written);
  }
  if (fsync(file.Get()) != 0) return CannotWrite(path, errno);
  return {};
}

Status MakeDurable(const fs::path& folder) {
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.Get() < 0 || fsync(opened.Get()) != 0) return CannotWrite(folder, errno);
  return {};
}

constexpr std::string_view kStagingPrefix = ".ballast-store-";

// Whether the folder could be locked, which a living owner prevents; `opened` holds the lock.
bool Lock(const Descriptor& opened) {
  return opened.Get() >= 0 && flock(opened.Get(), LOCK_EX | LOCK_NB) == 0;
}

// A folder aside, on the same file system, locked; gone with its content when this goes.
class StagingFolder {
 public:
  static Result<std::unique_ptr<StagingFolder>> In(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return CannotWrite(folder, failed.value());
    constexpr int kTries = 10;
    for (int i = 0; i < kTries; ++i) {
      std::string pattern = (folder / kStagingPrefix).string() + "XXXXXX";
      if (mkdtemp(pattern.data()) == nullptr) return CannotWrite(folder, errno);
      auto aside = std::unique_ptr<StagingFolder>(new StagingFolder(pattern));
      // Another process may have removed it between its creation and its lock.
      if (Lock(aside->opened_) && fs::exists(pattern, failed)) return aside;
    }
    return CannotWrite(folder, EAGAIN);
  }
  ~StagingFolder() {
    std::error_code failed;
    fs::remove_all(path_, failed);
  }
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;

  const fs::path& Path() const { return path_; }

  Status Write(const std::map<std::string, std::string>& files) const {
    std::set<fs::path> folders = {path_};
    for (const auto& [name, bytes] : files) {
      const fs::path file = path_ / name;
      std::error_code failed;
      fs::create_directories(file.parent_path(), failed);
      if (failed) return CannotWrite(file.parent_path(), failed.value());
      for (fs::path at = file.parent_path(); folders.insert(at).second; at = at.parent_path()) {
      }
      TRY(WriteDurably(file, bytes));
    }
    for (const fs::path& folder : folders) TRY(MakeDurable(folder));
    return {};
  }

 private:
  explicit StagingFolder(fs::path path)
      : path_(std::move(path)), opened_(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {}

  fs::path path_;
  Descriptor opened_;
};

bool EntryExists(const fs::path& path) {
  std::error_code failed;
  return fs::exists(fs::symlink_status(path, failed));
}

// Two paths of which one or both exist change places. 0, or errno.
int ChangePlaces(const fs::path& a, const fs::path& b) {
  if (!EntryExists(a) && !EntryExists(b)) return 0;
  if (!EntryExists(a)) return rename(b.c_str(), a.c_str()) == 0 ? 0 : errno;
  if (!EntryExists(b)) return rename(a.c_str(), b.c_str()) == 0 ? 0 : errno;
  if (renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // For a file system that cannot exchange two entries: uses a third name.
  const fs::path third = a.string() + ".old";
  if (rename(b.c_str(), third.c_str()) != 0) return errno;
  if (rename(a.c_str(), b.c_str()) != 0) {
    const int reason = errno;
    return rename(third.c_str(), b.c_str()) == 0 ? reason : errno;
  }
  return rename(third.c_str(), a.c_str()) == 0 ? 0 : errno;
}

bool IsOwned(const std::string& path, const std::vector<std::string>& owned) {
  const fs::path parts(path);
  const bool plain = parts.is_relative() && parts.lexically_normal() == parts &&
                     std::find(parts.begin(), parts.end(), "..") == parts.end();
  return plain && !parts.empty() &&
         std::find(owned.begin(), owned.end(), parts.begin()->string()) != owned.end();
}

}  // namespace

Status ReplaceEntries(const fs::path& folder, const std::map<std::string, std::string>& files,
                      const std::vector<std::string>& owned) {
  for (const auto& [path, bytes] : files) {
    if (IsOwned(path, owned)) continue;
    return MakeError(ErrorCode::kCannotWrite,
                     fmt::format("the path \"{}\" does not belong here", path), {},
                     {folder.string(), 0});
  }
  TRY_ASSIGN(const std::unique_ptr<StagingFolder> aside, StagingFolder::In(folder));
  TRY(aside->Write(files));
  for (size_t i = 0; i < owned.size(); ++i) {
    const int reason = ChangePlaces(aside->Path() / owned[i], folder / owned[i]);
    if (reason == 0) continue;
    for (size_t back = i; back-- > 0;) {
      ChangePlaces(aside->Path() / owned[back], folder / owned[back]);
    }
    return CannotWrite(folder / owned[i], reason);
  }
  TRY(MakeDurable(folder));
  RemoveStaleStagingFolders(folder);
  return {};
}

namespace {

// Calls `act` with each folder that no process has locked; it is locked during the call.
void EachLeft(const fs::path& folder, const std::function<void(const fs::path&)>& act) {
  std::vector<fs::path> aside;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->path().filename().string().starts_with(kStagingPrefix)) aside.push_back(at->path());
  }
  for (const fs::path& path : aside) {
    const Descriptor left(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (Lock(left)) act(path);
  }
}

void Remove(const fs::path& aside) {
  std::error_code ignored;
  fs::remove_all(aside, ignored);
}

bool RestoreFrom(const fs::path& aside, const fs::path& folder,
                 const std::vector<std::string>& owned, const std::function<bool()>& is_whole) {
  for (const std::string& entry : owned) {
    if (ChangePlaces(aside / entry, folder / entry) != 0 || is_whole()) return is_whole();
  }
  for (const std::string& entry : owned) ChangePlaces(aside / entry, folder / entry);
  return false;
}

}  // namespace

bool RestoreEntries(const fs::path& folder, const std::vector<std::string>& owned,
                    const std::function<bool()>& is_whole) {
  bool restored = false;
  EachLeft(folder, [&](const fs::path& aside) {
    if (restored) return;
    if (is_whole()) {
      Remove(aside);
    } else {
      restored = RestoreFrom(aside, folder, owned, is_whole);
    }
  });
  return restored;
}

void RemoveStaleStagingFolders(const fs::path& folder) {
  EachLeft(folder, Remove);
}

}  // namespace ballast::workspace
