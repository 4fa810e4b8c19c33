// SPDX-License-Identifier: Apache-2.0
// What lies in a migrations folder and is not what it seems: entries that Prisma passes over, or
// takes in an order or for something that nobody meant.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::workspace {

enum class Oddity {
  kNoScript,      // a folder without migration.sql: P3015 when its turn comes
  kLink,          // a link to a folder, which Prisma passes over
  kLooseScript,   // a .sql file beside the folders, which never runs
  kNoTimestamp,   // a name that does not start with 14 digits: its text decides when it runs
  kSameTimestamp  // the rest of the names decides which runs first
};

struct OddEntry {
  Oddity oddity;
  std::string name;
};

// In order of the kinds, then of the names. A folder that does not exist has none. B104.
Result<std::vector<OddEntry>> FindOddEntries(const std::filesystem::path& migrations);

}  // namespace ballast::workspace
