// SPDX-License-Identifier: Apache-2.0
// Archives in memory: GNU tar compressed with zstd, written without times and owners. Input is
// treated as untrusted.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ballast::release {

struct ArchivedFile {
  std::string path;
  bool folder = false;  // then `bytes` is empty
  std::string bytes;

  bool operator==(const ArchivedFile&) const = default;
};

struct FileToPack {
  std::string path;
  bool folder = false;
  std::string_view bytes;
};
// Deterministic; keeps the given order.
std::string PackArchive(const std::vector<FileToPack>& files);

struct UnpackOptions {
  std::string what;  // "the packed history"; for errors
  std::string file;  // name of the archive; for errors
  size_t limit = 0;  // maximum total size of all files, in bytes
  size_t most_files = 0;
  // Returns the key of an entry's path, which must be unique; empty to refuse the entry.
  std::function<std::string(std::string_view path, bool folder)> key;
};

// An entry without its bytes.
struct ArchivedDigest {
  std::string path;
  bool folder = false;  // then `sha256` is empty
  std::string sha256;   // of the bytes, in hex
};

// B401 for links, devices, entries without a key or with one that exists, too many entries, more
// bytes than the limit, and more than 16 MiB that are over 1,000 times the packed size.
Result<std::vector<ArchivedFile>> UnpackArchive(std::string_view archive,
                                                const UnpackOptions& options);

// Reads the same with the same errors, streaming: only the digests are kept in memory.
Result<std::vector<ArchivedDigest>> DigestArchive(std::string_view archive,
                                                  const UnpackOptions& options);

}  // namespace ballast::release
