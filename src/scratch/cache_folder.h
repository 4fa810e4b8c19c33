// SPDX-License-Identifier: Apache-2.0
// The user's cache folder, limited to the most recently used entries.
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

// The folder, accessible only to this user; empty if there is none.
std::string CacheFolder();

// The entries whose names begin with `prefix`.
std::vector<std::filesystem::path> CacheEntries(std::string_view prefix);

// The temporary name, unique to this process, under which an entry is written before it is renamed.
std::filesystem::path TemporaryName(const std::filesystem::path& entry);

// Records that the entry was used.
void MarkUsed(const std::filesystem::path& entry);

struct CacheBounds {
  size_t entries = 0;
  uintmax_t bytes = std::numeric_limits<uintmax_t>::max();
  std::optional<std::chrono::hours> unused = {};
};

// Removes the least recently used entries of that prefix that exceed the bounds, and incomplete
// ones older than an hour.
void PruneCache(std::string_view prefix, const CacheBounds& bounds);

}  // namespace ballast::scratch
