// SPDX-License-Identifier: Apache-2.0
// Archives in memory: a GNU tar under zstd, written without times and owners, and read with
// distrust.
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
// Deterministic: in the order given.
std::string PackArchive(const std::vector<FileToPack>& files);

struct UnpackOptions {
  std::string what;  // "the packed history": for errors
  std::string file;  // the archive's own name: for errors
  size_t limit = 0;  // bytes of all files together
  size_t most_files = 0;
  // What the path of an entry may be; the key by which no two entries may be equal, empty: refused.
  std::function<std::string(std::string_view path, bool folder)> key;
};

// An entry without its bytes.
struct ArchivedDigest {
  std::string path;
  bool folder = false;  // then `sha256` is empty
  std::string sha256;   // of the bytes, in hex
};

// B401 for links, devices, paths without a key or with one that was there before, too many entries,
// more bytes than the limit, and more than 16 MiB that are over a thousand times the packed size.
Result<std::vector<ArchivedFile>> UnpackArchive(std::string_view archive,
                                                const UnpackOptions& options);

// Reads the same with the same errors, one piece at a time: of all entries just the digests stay in
// memory.
Result<std::vector<ArchivedDigest>> DigestArchive(std::string_view archive,
                                                  const UnpackOptions& options);

}  // namespace ballast::release
