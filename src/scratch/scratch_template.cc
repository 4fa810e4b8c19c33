// SPDX-License-Identifier: Apache-2.0
#include "scratch/scratch_template.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <vector>

#include "base/sha256.h"
#include "scratch/cache_folder.h"

namespace ballast::scratch {
namespace {

namespace fs = std::filesystem;

// First line: magic, length of the index, length of all. Then the index, a line per entry ("d path"
// or "f size path"), then the files' bytes in the same order.
constexpr std::string_view kMagic = "ballast-template-1";
constexpr size_t kFirstLine = 64;
constexpr std::string_view kTemplatePrefix = "postgres-";
// A dozen versions and locales in use at the same time is a lot; a template is 30 MB.
constexpr CacheBounds kBounds{.entries = 16, .unused = std::chrono::days(30)};

struct Entry {
  std::string path;  // from the data folder
  bool folder = false;
  size_t size = 0;
};

std::vector<Entry> EntriesOf(const std::string& data) {
  std::vector<Entry> entries;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(data, failed)) {
    const std::string path = entry.path().string().substr(data.size() + 1);
    if (entry.is_symlink(failed)) return {};
    const bool folder = entry.is_directory(failed);
    entries.push_back({path, folder, folder ? 0 : entry.file_size(failed)});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.path < b.path; });
  return entries;
}

// A file read in one piece, without copying.
class Mapping {
 public:
  explicit Mapping(const std::string& file) {
    const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat entry {};
    if (descriptor >= 0 && fstat(descriptor, &entry) == 0 && entry.st_uid == geteuid() &&
        entry.st_size > 0) {
      size_ = static_cast<size_t>(entry.st_size);
      address_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE | MAP_POPULATE, descriptor, 0);
    }
    if (descriptor >= 0) close(descriptor);
  }
  ~Mapping() {
    if (address_ != MAP_FAILED) munmap(address_, size_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  std::string_view bytes() const {
    if (address_ == MAP_FAILED) return {};
    return {static_cast<const char*>(address_), size_};
  }

 private:
  void* address_ = MAP_FAILED;
  size_t size_ = 0;
};

size_t NumberAt(std::string_view text) {
  size_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Index and contents of a complete template; both empty if it is not one.
struct Sections {
  std::string_view index;
  std::string_view contents;
};

Sections SectionsOf(std::string_view bytes) {
  if (bytes.size() < kFirstLine || !bytes.starts_with(kMagic)) return {};
  const std::string_view numbers = bytes.substr(kMagic.size() + 1, kFirstLine);
  const size_t index = NumberAt(numbers);
  const size_t total = NumberAt(numbers.substr(numbers.find(' ') + 1));
  if (total != bytes.size() || index > total - kFirstLine) return {};
  return {bytes.substr(kFirstLine, index), bytes.substr(kFirstLine + index)};
}

bool WriteAll(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

class Unpacking {
 public:
  Unpacking(int folder, const ServerAccountIds& owner, std::string_view contents)
      : folder_(folder), owner_(owner), contents_(contents) {}

  bool Put(std::string_view line) {
    if (line.starts_with("d ")) return PutFolder(std::string(line.substr(2)));
    if (!line.starts_with("f ")) return false;
    const std::string_view rest = line.substr(2);
    const size_t size = NumberAt(rest);
    if (size > contents_.size()) return false;
    const bool done =
        PutFile(std::string(rest.substr(rest.find(' ') + 1)), contents_.substr(0, size));
    contents_.remove_prefix(size);
    return done;
  }

 private:
  bool PutFolder(const std::string& path) {
    return mkdirat(folder_, path.c_str(), 0700) == 0 &&
           (!owner_.change || fchownat(folder_, path.c_str(), owner_.user, owner_.group, 0) == 0);
  }
  bool PutFile(const std::string& path, std::string_view bytes) {
    const int file = openat(folder_, path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return false;
    const bool done =
        (!owner_.change || fchown(file, owner_.user, owner_.group) == 0) && WriteAll(file, bytes);
    close(file);
    return done;
  }

  int folder_;
  ServerAccountIds owner_;
  std::string_view contents_;
};

bool PutAll(Unpacking unpacking, std::string_view index) {
  while (!index.empty()) {
    const size_t end = index.find('\n');
    if (end == std::string_view::npos || !unpacking.Put(index.substr(0, end))) return false;
    index.remove_prefix(end + 1);
  }
  return true;
}

bool WriteTemplate(const std::string& data, std::ofstream& out) {
  const std::vector<Entry> entries = EntriesOf(data);
  if (entries.empty()) return false;
  std::string index;
  size_t contents = 0;
  for (const Entry& entry : entries) {
    index += entry.folder ? fmt::format("d {}\n", entry.path)
                          : fmt::format("f {} {}\n", entry.size, entry.path);
    contents += entry.size;
  }
  std::string first =
      fmt::format("{} {} {} ", kMagic, index.size(), kFirstLine + index.size() + contents);
  first.resize(kFirstLine - 1, '.');
  out << first << '\n' << index;
  for (const Entry& entry : entries) {
    if (entry.folder || entry.size == 0) continue;
    std::ifstream file(data + "/" + entry.path, std::ios::binary);
    out << file.rdbuf();
  }
  return out.flush().good();
}

// Packs the data folder of a stopped server into the file. Other processes see the old file or the
// complete new one. B105, also for a folder that contains links.
Status PackTemplate(const std::string& data, const std::string& file) {
  const std::string unready = TemporaryName(file);
  std::ofstream out(unready, std::ios::binary | std::ios::trunc);
  const bool written = out.is_open() && WriteTemplate(data, out);
  out.close();
  if (written && chmod(unready.c_str(), 0600) == 0 && rename(unready.c_str(), file.c_str()) == 0) {
    return {};
  }
  unlink(unready.c_str());
  return MakeError(ErrorCode::kCannotWrite, fmt::format("cannot write {}", file),
                   "check the free space and the permissions of its folder");
}

}  // namespace

std::string TemplatePathFor(const ServerBinaries& binaries, const std::string& recipe) {
  const std::string folder = CacheFolder();
  if (folder.empty()) return {};
  const std::string key = Sha256Hex(
      fmt::format("{}\n{}\n{}\n{}", kMagic, binaries.folder, binaries.version_text, recipe));
  return fmt::format("{}/{}{}-{}", folder, kTemplatePrefix, binaries.version_text,
                     key.substr(0, 12));
}

void StoreTemplate(const std::string& data, const std::string& file) {
  // Without a cache folder the next start runs initdb again; that is not an error.
  if (!file.empty() && PackTemplate(data, file)) PruneCache(kTemplatePrefix, kBounds);
}

bool UnpackTemplate(const std::string& file, const std::string& data,
                    const ServerAccountIds& owner) {
  const Mapping mapping(file);
  const Sections sections = SectionsOf(mapping.bytes());
  if (sections.index.empty() || !MakePrivateFolder(data, owner).ok()) return false;
  const int folder = open(data.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return false;
  const bool done = PutAll(Unpacking(folder, owner, sections.contents), sections.index);
  close(folder);
  if (done) MarkUsed(file);
  return done;
}

}  // namespace ballast::scratch
