// history.tar.zst: the only place that knows libarchive.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/check.h"
#include "release/package.h"

namespace ballast::release {
namespace {

constexpr std::string_view kScriptSuffix = "/migration.sql";
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

void WriteMigration(archive* tar, const Migration& migration) {
  const Entry entry(archive_entry_new());
  const std::string name =
      migration.name + (migration.script ? std::string(kScriptSuffix) : std::string("/"));
  archive_entry_copy_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), migration.script ? AE_IFREG : AE_IFDIR);
  archive_entry_set_perm(entry.get(), migration.script ? kFileMode : kFolderMode);
  archive_entry_set_mtime(entry.get(), 0, 0);
  const std::string_view script = migration.script ? *migration.script : std::string_view{};
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(script.size()));
  Must(archive_write_header(tar, entry.get()), tar);
  if (!script.empty()) {
    const la_ssize_t written = archive_write_data(tar, script.data(), script.size());
    BALLAST_CHECK(written == static_cast<la_ssize_t>(script.size()));
  }
}

Error Refused(std::string message) {
  return MakeError(ErrorCode::kPackageEdited, std::move(message),
                   "restore the package from version control, or make it anew with "
                   "`ballast release create`",
                   {kHistoryPath, 0});
}

// "NAME/migration.sql" or "NAME/" → NAME; empty when the entry is neither.
std::string_view MigrationOf(std::string_view path, bool folder) {
  if (folder) {
    if (path.ends_with('/')) path.remove_suffix(1);
  } else if (path.ends_with(kScriptSuffix)) {
    path.remove_suffix(kScriptSuffix.size());
  } else {
    return {};
  }
  const bool odd = path == "." || path == ".." || path.find('/') != std::string_view::npos ||
                   path.find('\\') == 0;
  return odd ? std::string_view{} : path;
}

// Reads archives as PackHistory writes them, and counts what it has taken.
class HistoryReader {
 public:
  HistoryReader(std::string_view bytes, size_t limit)
      : handle_(archive_read_new()),
        bytes_(bytes),
        left_(std::min(limit, std::max(kGrowthCountsFrom, bytes.size() * kMostGrowth))) {
    archive_read_support_format_tar(handle_.get());
    archive_read_support_filter_zstd(handle_.get());
  }

  Result<std::vector<Migration>> ReadAll() {
    if (archive_read_open_memory(handle_.get(), bytes_.data(), bytes_.size()) != ARCHIVE_OK) {
      return Broken();
    }
    std::vector<Migration> migrations;
    for (archive_entry* entry = nullptr;;) {
      const int outcome = archive_read_next_header(handle_.get(), &entry);
      if (outcome == ARCHIVE_EOF) return migrations;
      if (outcome != ARCHIVE_OK) return Broken();
      if (migrations.size() >= kMaxHistoryEntries) {
        return Refused(
            fmt::format("the packed history has more than {} entries", kMaxHistoryEntries));
      }
      TRY_ASSIGN(Migration migration, ReadEntry(entry));
      migrations.push_back(std::move(migration));
    }
  }

 private:
  Error Broken() const {
    const char* why = archive_error_string(handle_.get());
    return Refused(fmt::format("the packed history cannot be read: {}",
                               why == nullptr ? "it is not an archive" : why));
  }

  Result<Migration> ReadEntry(archive_entry* entry) {
    const char* path = archive_entry_pathname(entry);
    const auto type = archive_entry_filetype(entry);
    const bool link =
        archive_entry_hardlink(entry) != nullptr || archive_entry_symlink(entry) != nullptr;
    const bool folder = type == AE_IFDIR;
    const std::string_view name = path == nullptr ? std::string_view{} : MigrationOf(path, folder);
    if (link || (type != AE_IFREG && !folder) || name.empty()) {
      return Refused(fmt::format("the packed history holds \"{}\", which is no migration",
                                 path == nullptr ? "?" : path));
    }
    if (!seen_.emplace(name).second) {
      return Refused(fmt::format("the packed history holds \"{}\" twice", name));
    }
    if (folder) return Migration{std::string(name), {}, {}};
    const std::string owned(name);
    TRY_ASSIGN(const std::string script, ReadScript(owned));
    return MakeMigration(owned, script);
  }

  Result<std::string> ReadScript(const std::string& name) {
    std::string script;
    std::string piece(kPiece, '\0');
    while (true) {
      const la_ssize_t got = archive_read_data(handle_.get(), piece.data(), piece.size());
      if (got < 0) return Broken();
      if (got == 0) return script;
      if (static_cast<size_t>(got) > left_) {
        return Refused(fmt::format("the packed history is too large (at {})", name));
      }
      left_ -= static_cast<size_t>(got);
      script.append(piece.data(), static_cast<size_t>(got));
    }
  }

  Archive handle_;
  std::string_view bytes_;
  size_t left_;
  std::set<std::string, std::less<>> seen_;
};

}  // namespace

std::string PackHistory(const std::vector<Migration>& migrations) {
  std::string bytes;
  const Archive tar(archive_write_new());
  Must(archive_write_set_format_gnutar(tar.get()), tar.get());
  Must(archive_write_add_filter_zstd(tar.get()), tar.get());
  Must(archive_write_set_filter_option(tar.get(), "zstd", "compression-level", "12"), tar.get());
  Must(archive_write_set_bytes_in_last_block(tar.get(), 1), tar.get());
  Must(archive_write_open(tar.get(), &bytes, nullptr, AppendBytes, nullptr), tar.get());
  for (const Migration& migration : migrations) {
    BALLAST_CHECK(!MigrationOf(migration.name + "/", true).empty());
    WriteMigration(tar.get(), migration);
  }
  Must(archive_write_close(tar.get()), tar.get());
  return bytes;
}

Result<std::vector<Migration>> UnpackHistory(std::string_view archive, size_t limit_bytes) {
  return HistoryReader(archive, limit_bytes).ReadAll();
}

}  // namespace ballast::release
