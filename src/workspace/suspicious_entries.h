// SPDX-License-Identifier: Apache-2.0
// Suspicious entries of a migrations folder: entries that Prisma ignores, or runs in an unexpected
// order.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::workspace {

enum class Suspicion {
  kNoScript,      // a folder without migration.sql: P3015 when it is reached
  kLink,          // a link to a folder, which Prisma ignores
  kLooseScript,   // a .sql file next to the folders, which never runs
  kNoTimestamp,   // without 14 leading digits or a zero ("0_init"): its text determines the order
  kSameTimestamp  // the rest of the names determines the order
};

struct SuspiciousEntry {
  Suspicion suspicion;
  std::string name;
};

// Sorted by kind, then by name; empty if the folder does not exist. B104.
Result<std::vector<SuspiciousEntry>> FindSuspiciousEntries(const std::filesystem::path& migrations);

}  // namespace ballast::workspace
