// SPDX-License-Identifier: Apache-2.0
#include "scratch/cache_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "scratch/child_process.h"

namespace ballast::scratch {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kForgottenAfter{1};

bool IsPrivateFolder(const std::string& path) {
  struct stat entry {};
  return lstat(path.c_str(), &entry) == 0 && S_ISDIR(entry.st_mode) && entry.st_uid == geteuid() &&
         (entry.st_mode & 022) == 0;
}

struct Cached {
  fs::path path;
  fs::file_time_type used;
  uintmax_t bytes = 0;
};

Cached Inspect(const fs::path& path) {
  Cached cached{path, {}, 0};
  std::error_code failed;
  cached.used = fs::last_write_time(path, failed);
  if (fs::is_regular_file(path, failed)) cached.bytes = fs::file_size(path, failed);
  for (const fs::directory_entry& file : fs::directory_iterator(path, failed)) {
    cached.bytes += file.file_size(failed);
  }
  return cached;
}

}  // namespace

std::string CacheFolder() {
  std::vector<std::string> candidates;
  if (const char* xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && xdg[0] == '/') {
    candidates.push_back(std::string(xdg) + "/ballast");
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') {
    candidates.push_back(std::string(home) + "/.cache/ballast");
  }
  candidates.push_back("/var/cache/ballast");
  candidates.push_back(fmt::format("/tmp/ballast-cache-{}", geteuid()));
  for (const std::string& folder : candidates) {
    if (MakePrivateFolder(folder, {}).ok() && IsPrivateFolder(folder) &&
        access(folder.c_str(), W_OK) == 0) {
      return folder;
    }
  }
  return {};
}

std::vector<fs::path> CacheEntries(std::string_view prefix) {
  std::vector<fs::path> found;
  const std::string cache = CacheFolder();
  std::error_code failed;
  if (cache.empty()) return found;
  for (const fs::directory_entry& entry : fs::directory_iterator(cache, failed)) {
    if (entry.path().filename().string().starts_with(prefix)) found.push_back(entry.path());
  }
  return found;
}

fs::path TemporaryName(const fs::path& entry) {
  return entry.parent_path() / fmt::format(".{}.{}", entry.filename().string(), getpid());
}

void MarkUsed(const fs::path& entry) {
  utimensat(AT_FDCWD, entry.c_str(), nullptr, 0);
}

void PruneCache(std::string_view prefix, const CacheBounds& bounds) {
  const fs::file_time_type now = fs::file_time_type::clock::now();
  std::vector<Cached> all;
  for (const fs::path& path : CacheEntries(prefix)) all.push_back(Inspect(path));
  std::sort(all.begin(), all.end(),
            [](const Cached& a, const Cached& b) { return a.used > b.used; });
  uintmax_t bytes = 0;
  std::error_code ignored;
  for (size_t at = 0; at < all.size(); ++at) {
    bytes += all[at].bytes;
    const bool old = bounds.unused && now - all[at].used > *bounds.unused;
    if (old || at >= bounds.entries || bytes > bounds.bytes) {
      fs::remove_all(all[at].path, ignored);
    }
  }
  for (const fs::path& path : CacheEntries("." + std::string(prefix))) {
    if (now - Inspect(path).used > kForgottenAfter) fs::remove_all(path, ignored);
  }
}

}  // namespace ballast::scratch
