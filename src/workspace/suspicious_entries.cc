// SPDX-License-Identifier: Apache-2.0
#include "workspace/suspicious_entries.h"

#include <algorithm>
#include <map>

#include "workspace/files.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr size_t kTimestampLength = 14;

bool HasTimestamp(const std::string& name) {
  return name.size() > kTimestampLength &&
         std::all_of(name.begin(), name.begin() + kTimestampLength,
                     [](const char c) { return c >= '0' && c <= '9'; });
}

// "0_init", which ballast and Prisma's guide to baselining write, or
// "000000000000_squashed_migrations" of its guide to squashing: it runs before every timestamp.
bool IsFirstByZero(const std::string& name) {
  const size_t end = name.find_first_not_of('0');
  return end != 0 && end != std::string::npos && name[end] == '_';
}

void AddFolder(const fs::path& migrations, const std::string& name,
               std::vector<SuspiciousEntry>& odd,
               std::map<std::string, std::vector<std::string>>& by_time) {
  if (!IsFile(migrations / name / "migration.sql")) odd.push_back({Suspicion::kNoScript, name});
  if (HasTimestamp(name)) {
    by_time[name.substr(0, kTimestampLength)].push_back(name);
  } else if (!IsFirstByZero(name)) {
    odd.push_back({Suspicion::kNoTimestamp, name});
  }
}

}  // namespace

Result<std::vector<SuspiciousEntry>> FindSuspiciousEntries(const fs::path& migrations) {
  std::vector<SuspiciousEntry> odd;
  if (!IsFolder(migrations)) return odd;
  TRY_ASSIGN(const std::vector<FolderEntry> entries, ListFolder(migrations));
  std::map<std::string, std::vector<std::string>> by_time;
  for (const FolderEntry& entry : entries) {
    if (entry.kind == EntryKind::kFolder) AddFolder(migrations, entry.name, odd, by_time);
    if (entry.kind == EntryKind::kLink && IsFolder(migrations / entry.name)) {
      odd.push_back({Suspicion::kLink, entry.name});
    }
    if (entry.kind == EntryKind::kFile && entry.name.ends_with(".sql")) {
      odd.push_back({Suspicion::kLooseScript, entry.name});
    }
  }
  for (const auto& [time, names] : by_time) {
    if (names.size() < 2) continue;
    for (const std::string& name : names) odd.push_back({Suspicion::kSameTimestamp, name});
  }
  std::stable_sort(odd.begin(), odd.end(), [](const SuspiciousEntry& a, const SuspiciousEntry& b) {
    return a.suspicion != b.suspicion ? a.suspicion < b.suspicion : a.name < b.name;
  });
  return odd;
}

}  // namespace ballast::workspace
