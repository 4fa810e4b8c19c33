// SPDX-License-Identifier: Apache-2.0
// The only place that knows libarchive.
#include "release/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/check.h"
#include "base/sha256.h"

namespace ballast::release {
namespace {

constexpr int kFileMode = 0644;
constexpr int kFolderMode = 0755;
constexpr size_t kPiece = size_t{64} * 1024;
// Scripts shrink to a tenth; what grows a thousandfold, and is large, was made to fill a memory.
constexpr size_t kMostGrowth = 1000;
constexpr size_t kGrowthCountsFrom = size_t{16} << 20;

struct FreeArchive {
  void operator()(archive* handle) const { archive_free(handle); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using Entry = std::unique_ptr<archive_entry, FreeEntry>;

la_ssize_t AppendBytes(archive*, void* target, const void* bytes, size_t size) {
  static_cast<std::string*>(target)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

// Writing into memory fails only by our own mistake.
void Must(int outcome, archive* handle) {
  if (outcome != ARCHIVE_OK) BALLAST_CHECK(archive_error_string(handle) == nullptr && "archive");
}

void Write(archive* tar, const FileToPack& file) {
  const Entry entry(archive_entry_new());
  archive_entry_copy_pathname(entry.get(), file.path.c_str());
  archive_entry_set_filetype(entry.get(), file.folder ? AE_IFDIR : AE_IFREG);
  archive_entry_set_perm(entry.get(), file.folder ? kFolderMode : kFileMode);
  archive_entry_set_mtime(entry.get(), 0, 0);
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.bytes.size()));
  Must(archive_write_header(tar, entry.get()), tar);
  if (file.bytes.empty()) return;
  const la_ssize_t written = archive_write_data(tar, file.bytes.data(), file.bytes.size());
  BALLAST_CHECK(written == static_cast<la_ssize_t>(file.bytes.size()));
}

// Counts what it has taken.
class Reader {
 public:
  Reader(std::string_view bytes, const UnpackOptions& options)
      : handle_(archive_read_new()),
        bytes_(bytes),
        options_(options),
        left_(std::min(options.limit, std::max(kGrowthCountsFrom, bytes.size() * kMostGrowth))) {
    archive_read_support_format_tar(handle_.get());
    archive_read_support_filter_zstd(handle_.get());
  }

  // `begin` gets each entry, `take` its bytes in pieces, in this order.
  Status ReadEach(const std::function<void(std::string path, bool folder)>& begin,
                  const std::function<void(std::string_view piece)>& take) {
    if (archive_read_open_memory(handle_.get(), bytes_.data(), bytes_.size()) != ARCHIVE_OK) {
      return Broken();
    }
    size_t files = 0;
    for (archive_entry* entry = nullptr;;) {
      const int outcome = archive_read_next_header(handle_.get(), &entry);
      if (outcome == ARCHIVE_EOF) return {};
      if (outcome != ARCHIVE_OK) return Broken();
      if (files++ >= options_.most_files) {
        return Refused(
            fmt::format("{} has more than {} entries", options_.what, options_.most_files));
      }
      TRY_ASSIGN(const bool folder, CheckEntry(entry));
      const char* path = archive_entry_pathname(entry);
      begin(path, folder);
      if (!folder) TRY(ReadBytes(path, take));
    }
  }

 private:
  Error Refused(std::string message) const {
    return MakeError(ErrorCode::kPackageEdited, std::move(message),
                     "restore the package from version control, or create it again with `ballast "
                     "release create`",
                     {options_.file, 0});
  }

  Error Broken() const {
    const char* why = archive_error_string(handle_.get());
    return Refused(fmt::format("{} cannot be read: {}", options_.what,
                               why == nullptr ? "it is not an archive" : why));
  }

  // Whether it is a folder; refuses what does not belong in the archive.
  Result<bool> CheckEntry(archive_entry* entry) {
    const char* path = archive_entry_pathname(entry);
    const auto type = archive_entry_filetype(entry);
    const bool link =
        archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr;
    const bool folder = type == AE_IFDIR;
    const std::string key = path == nullptr ? std::string() : options_.key(path, folder);
    if (link || (type != AE_IFREG && !folder) || key.empty()) {
      return Refused(fmt::format("{} contains \"{}\", which does not belong there", options_.what,
                                 path == nullptr ? "?" : path));
    }
    if (!seen_.insert(key).second) {
      return Refused(fmt::format("{} contains \"{}\" twice", options_.what, key));
    }
    return folder;
  }

  Status ReadBytes(const std::string& path,
                   const std::function<void(std::string_view piece)>& take) {
    while (true) {
      const la_ssize_t got = archive_read_data(handle_.get(), piece_.data(), piece_.size());
      if (got < 0) return Broken();
      if (got == 0) return {};
      if (static_cast<size_t>(got) > left_) {
        return Refused(fmt::format("{} is too large (at {})", options_.what, path));
      }
      left_ -= static_cast<size_t>(got);
      take(std::string_view(piece_.data(), static_cast<size_t>(got)));
    }
  }

  Archive handle_;
  std::string_view bytes_;
  const UnpackOptions& options_;
  size_t left_;
  std::string piece_ = std::string(kPiece, '\0');  // read into, again and again
  std::set<std::string> seen_;
};

}  // namespace

std::string PackArchive(const std::vector<FileToPack>& files) {
  std::string bytes;
  const Archive tar(archive_write_new());
  Must(archive_write_set_format_gnutar(tar.get()), tar.get());
  Must(archive_write_add_filter_zstd(tar.get()), tar.get());
  // 12 makes them 3 % smaller and takes 48 MB of memory more.
  Must(archive_write_set_filter_option(tar.get(), "zstd", "compression-level", "8"), tar.get());
  Must(archive_write_set_bytes_in_last_block(tar.get(), 1), tar.get());
  Must(archive_write_open(tar.get(), &bytes, nullptr, AppendBytes, nullptr), tar.get());
  for (const FileToPack& file : files) Write(tar.get(), file);
  Must(archive_write_close(tar.get()), tar.get());
  return bytes;
}

Result<std::vector<ArchivedFile>> UnpackArchive(std::string_view archive,
                                                const UnpackOptions& options) {
  std::vector<ArchivedFile> files;
  TRY(Reader(archive, options)
          .ReadEach(
              [&](std::string path, bool folder) {
                files.push_back({std::move(path), folder, {}});
              },
              [&](std::string_view piece) { files.back().bytes += piece; }));
  return files;
}

Result<std::vector<ArchivedDigest>> DigestArchive(std::string_view archive,
                                                  const UnpackOptions& options) {
  std::vector<ArchivedDigest> files;
  Sha256 digest;
  const auto finish = [&] {
    if (!files.empty() && !files.back().folder) files.back().sha256 = digest.FinishHex();
    digest = Sha256();
  };
  TRY(Reader(archive, options)
          .ReadEach(
              [&](std::string path, bool folder) {
                finish();
                files.push_back({std::move(path), folder, {}});
              },
              [&](std::string_view piece) { digest.Update(piece); }));
  finish();
  return files;
}

}  // namespace ballast::release
