// SPDX-License-Identifier: Apache-2.0
// The user's folder for caches, and how much of it stays: what was used last.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::scratch {

// The folder, of this user alone; empty when there is none.
std::string CacheFolder();

// The entries whose names begin so.
std::vector<std::filesystem::path> CacheEntries(std::string_view prefix);

// What is to become the entry is written under this name, of this process alone, and renamed when
// it is whole.
std::filesystem::path UnreadyName(const std::filesystem::path& entry);

// Counts as the use of an entry.
void MarkUsed(const std::filesystem::path& entry);

struct CacheBounds {
  size_t entries = 0;
  uintmax_t bytes = std::numeric_limits<uintmax_t>::max();
  std::optional<std::chrono::hours> unused = {};
};

// Removes the entries of that prefix beyond the bounds, the one used last being the first to stay,
// and what writers of such left unready an hour ago.
void PruneCache(std::string_view prefix, const CacheBounds& bounds);

}  // namespace ballast::scratch
