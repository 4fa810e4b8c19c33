// SPDX-License-Identifier: Apache-2.0
// Reading the disk: whole files and folders, with errors that name the path.
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

// The bytes of a regular file (links are followed), 256 MB at most. B104 with the system's reason,
// at once: a named pipe, a socket or a device is never waited for.
Result<std::string> ReadFile(const std::filesystem::path& path);

// The same; nothing when there is no such file. Everything else that fails is B104.
Result<std::optional<std::string>> ReadFileIfThere(const std::filesystem::path& path);

// Writes a file that is not there yet, with just these rights. B105, also when there is one.
Status CreateFile(const std::filesystem::path& path, const std::string& bytes, mode_t rights);

// The entries of a folder in byte order. B104.
Result<std::vector<FolderEntry>> ListFolder(const std::filesystem::path& path);

// Links are followed; what cannot be looked at is not there.
bool IsFile(const std::filesystem::path& path);
bool IsFolder(const std::filesystem::path& path);

}  // namespace ballast::workspace
