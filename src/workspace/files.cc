// SPDX-License-Identifier: Apache-2.0
#include "workspace/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "workspace/descriptor.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr size_t kPiece = size_t{64} * 1024;

Error CannotRead(const fs::path& path, int reason) {
  return MakeError(
      ErrorCode::kCannotRead,
      fmt::format("{} cannot be read: {}", path.string(), std::generic_category().message(reason)),
      "check that it exists and that this user may read it", {path.string(), 0});
}

std::string_view NameOf(mode_t mode) {
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return S_ISDIR(mode) ? "a folder" : "a device";
}

// Reading a pipe or a device could wait for ever, or never end.
Error NotAFile(const fs::path& path, mode_t mode) {
  return MakeError(ErrorCode::kCannotRead,
                   fmt::format("{} is {}, not a file", path.string(), NameOf(mode)),
                   "replace it with a regular file", {path.string(), 0});
}

// Nothing of a project is as large; what is, or never ends, must not fill the memory.
constexpr size_t kMostFileBytes = size_t{256} << 20;

// Reads a file of that status to the end; 0, or errno.
int ReadAll(int fd, const struct stat& status, std::string* bytes) {
  if (status.st_size > static_cast<off_t>(kMostFileBytes)) return EFBIG;
  bytes->resize(static_cast<size_t>(std::max<off_t>(status.st_size, 0)) + 1);
  size_t used = 0;
  while (true) {
    if (used == bytes->size()) bytes->resize(used + kPiece);
    const ssize_t got = read(fd, bytes->data() + used, bytes->size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    used += static_cast<size_t>(got);
    if (used > kMostFileBytes) return EFBIG;
    // A short answer is the end of a regular file.
    if (got == 0 || (S_ISREG(status.st_mode) && used < bytes->size())) break;
  }
  bytes->resize(used);
  return 0;
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

EntryKind KindOf(mode_t mode) {
  if (S_ISREG(mode)) return EntryKind::kFile;
  if (S_ISDIR(mode)) return EntryKind::kFolder;
  return S_ISLNK(mode) ? EntryKind::kLink : EntryKind::kOther;
}

// Asks the file system only if the folder entry has no type.
EntryKind KindOf(DIR* folder, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return KindOf(static_cast<mode_t>(DTTOIF(entry.d_type)));
  struct stat status {};
  const bool found = fstatat(dirfd(folder), entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0;
  return found ? KindOf(status.st_mode) : EntryKind::kOther;
}

const char* RemedyOf(int reason) {
  switch (reason) {
    case EEXIST:
    case EISDIR:
      return "choose another name, or move the existing file or folder";
    case ENOTDIR:
      return "a file has the name of one of its folders: move that file, or choose another path";
    case ENOENT:
      return "create its folder first, or choose another path";
    case ENOSPC:
    case EDQUOT:
      return "free space on its file system, and try again";
    case EROFS:
      return "its file system is read-only: choose another path";
    case EACCES:
    case EPERM:
      return "choose another path, or give this account permission to write there";
    case ENAMETOOLONG:
      return "choose a shorter name";
    default:
      return "";
  }
}

// 0, or errno.
int WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  // A pipe or a device has nothing to synchronize (EINVAL).
  return fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
}

// Where a file of this path is or would be written: links are followed, also to a file that does
// not exist yet.
Result<fs::path> EndOfLinks(const fs::path& path) {
  constexpr int kMostLinks = 40;  // as in Linux
  fs::path end = path;
  std::error_code failed;
  for (int i = 0; fs::is_symlink(end, failed); ++i) {
    if (i == kMostLinks) return CannotWrite(path, ELOOP);
    const fs::path target = fs::read_symlink(end, failed);
    if (failed) return CannotWrite(path, failed.value());
    end = end.parent_path() / target;  // an absolute target replaces the folder
  }
  return end;
}

// `flags`: of open(2), in addition to those for writing.
Status WriteInto(const fs::path& path, const std::string& bytes, int flags, mode_t mode) {
  const Descriptor file(
      open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | flags, mode));
  const int failed = file.Get() < 0 ? errno : WriteAll(file.Get(), bytes);
  return failed == 0 ? Status() : CannotWrite(path, failed);
}

}  // namespace

Error CannotWrite(const fs::path& path, int reason) {
  return MakeError(ErrorCode::kCannotWrite,
                   fmt::format("{} cannot be written: {}", path.string(),
                               std::generic_category().message(reason)),
                   RemedyOf(reason), {path.string(), 0});
}

Result<std::string> ReadFile(const fs::path& path) {
  TRY_ASSIGN(std::optional<std::string> bytes, ReadFileIfExists(path));
  if (!bytes) return CannotRead(path, ENOENT);
  return *std::move(bytes);
}

Result<std::optional<std::string>> ReadFileIfExists(const fs::path& path) {
  // O_NONBLOCK: opening a named pipe does not wait for a writer.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  if (file.Get() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>();
    const int reason = errno;
    const bool is_socket = stat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode);
    return is_socket ? NotAFile(path, status.st_mode) : CannotRead(path, reason);
  }
  if (fstat(file.Get(), &status) != 0) return CannotRead(path, errno);
  if (!S_ISREG(status.st_mode)) return NotAFile(path, status.st_mode);
  std::string bytes;
  const int reason = ReadAll(file.Get(), status, &bytes);
  if (reason != 0) return CannotRead(path, reason);
  return std::optional<std::string>(std::move(bytes));
}

Result<std::vector<FolderEntry>> ListFolder(const fs::path& path) {
  const std::unique_ptr<DIR, CloseFolder> folder(opendir(path.c_str()));
  if (!folder) return CannotRead(path, errno);
  std::vector<FolderEntry> entries;
  errno = 0;
  // Each folder has a stream of its own, so that readdir is safe in threads (POSIX.1-2024).
  while (const dirent* entry = readdir(folder.get())) {  // NOLINT(concurrency-mt-unsafe)
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      entries.push_back({std::string(name), KindOf(folder.get(), *entry)});
    }
    errno = 0;
  }
  if (errno != 0) return CannotRead(path, errno);
  std::sort(entries.begin(), entries.end(),
            [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
  return entries;
}

bool Exists(const fs::path& path) {
  std::error_code failed;
  return fs::exists(path, failed);
}

bool MayRead(const fs::path& path) {
  return faccessat(AT_FDCWD, path.c_str(), R_OK, AT_EACCESS) == 0 || errno != EACCES;
}

bool IsFile(const fs::path& path) {
  std::error_code failed;
  return fs::is_regular_file(path, failed);
}

bool IsFolder(const fs::path& path) {
  std::error_code failed;
  return fs::is_directory(path, failed);
}

namespace {

// 0, or errno.
int TryCreate(const fs::path& path, const std::string& bytes, mode_t mode) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (file.Get() < 0) return errno;
  const int failed = WriteAll(file.Get(), bytes);
  if (failed != 0) unlink(path.c_str());
  return failed;
}

}  // namespace

Status CreateFile(const fs::path& path, const std::string& bytes, mode_t mode) {
  const int failed = TryCreate(path, bytes, mode);
  return failed == 0 ? Status() : CannotWrite(path, failed);
}

Status ReplaceFile(const fs::path& path, const std::string& bytes, mode_t mode) {
  struct stat before {};
  const bool exists = stat(path.c_str(), &before) == 0;
  if (exists && S_ISDIR(before.st_mode)) return CannotWrite(path, EISDIR);
  // By this path: the target of /dev/stdout can be "pipe:[123]", which is no path.
  if (exists && !S_ISREG(before.st_mode)) return WriteInto(path, bytes, 0, mode);
  TRY_ASSIGN(const fs::path file, EndOfLinks(path));
  // A process that is killed leaves its draft; in the cache, scratch::PruneCache removes it by this
  // form of name.
  const fs::path draft =
      file.parent_path() / fmt::format(".{}.{}", file.filename().string(), getpid());
  unlink(draft.c_str());  // of an earlier process with this number
  const int failed = TryCreate(draft, bytes, mode);
  if (failed != 0) return CannotWrite(path, failed);
  const bool permitted = !exists || chmod(draft.c_str(), before.st_mode & ALLPERMS) == 0;
  if (permitted && rename(draft.c_str(), file.c_str()) == 0) return {};
  const int reason = errno;
  unlink(draft.c_str());
  return CannotWrite(path, reason);
}

Status AppendToFile(const fs::path& path, const std::string& bytes, mode_t mode) {
  return WriteInto(path, bytes, O_CREAT | O_APPEND, mode);
}

}  // namespace ballast::workspace
