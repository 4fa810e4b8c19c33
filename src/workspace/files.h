// SPDX-License-Identifier: Apache-2.0
// Reads and writes files and folders; errors name the path.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::workspace {

enum class EntryKind { kFile, kFolder, kLink, kOther };

struct FolderEntry {
  std::string name;
  EntryKind kind = EntryKind::kOther;  // of the entry itself; links are not followed

  bool operator==(const FolderEntry&) const = default;
};

// The bytes of a regular file (links are followed), at most 256 MB. B104 with the system's message;
// named pipes, sockets and devices fail immediately.
Result<std::string> ReadFile(const std::filesystem::path& path);

// The same; no value if there is no such file. Other failures are B104.
Result<std::optional<std::string>> ReadFileIfExists(const std::filesystem::path& path);

// B105 with the system's words for `reason`, an errno value, and what to do about it.
Error CannotWrite(const std::filesystem::path& path, int reason);

// Creates a file with these permissions, or nothing. B105, also if it exists.
Status CreateFile(const std::filesystem::path& path, const std::string& bytes, mode_t mode);

// Creates or replaces a file in one step: others see the old bytes or all of the new ones. A file
// that exists keeps its permissions, and a link stays a link. A pipe or a device is written to
// without waiting for a reader. B105; then the old file is as it was.
Status ReplaceFile(const std::filesystem::path& path, const std::string& bytes, mode_t mode);

// Adds the bytes to the end of a file, which is created if it does not exist. B105; then a part of
// the bytes may have been added.
Status AppendToFile(const std::filesystem::path& path, const std::string& bytes, mode_t mode);

// The entries of a folder in byte order. B104.
Result<std::vector<FolderEntry>> ListFolder(const std::filesystem::path& path);

// Follows links; false if the path cannot be examined.
bool Exists(const std::filesystem::path& path);
// False for a file that this user may not read (EACCES).
bool MayRead(const std::filesystem::path& path);
bool IsFile(const std::filesystem::path& path);
bool IsFolder(const std::filesystem::path& path);

}  // namespace ballast::workspace
