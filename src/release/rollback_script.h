// SPDX-License-Identifier: Apache-2.0
// The script rollback/VERSION.sql of a package: a head that describes it and its losses, and
// statements. A script that ballast wrote is distinguished from a hand-written one by the checksum
// in its head.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast::release {

struct RollbackHead {
  std::string from;  // versions
  std::string to;
  std::vector<std::string> losses;  // names of objects
  std::vector<std::string> notices;
  // Names of objects that the script makes again without the data that the upgrade has dropped.
  std::vector<std::string> made_again = {};
};

// The text of a file. `statements` may have a line kCommitLine.
std::string RenderRollback(const RollbackHead& head, const std::string& statements);

// Whether RenderRollback wrote it, and it was not edited since.
bool IsWrittenRollback(std::string_view text);

// The statements before this line are committed before the rest: PostgreSQL does not allow using a
// value that was added to an enum before that is committed.
inline constexpr char kCommitLine[] = "-- The statements above are committed first.\n";

// The transactions of a script: one, or the parts before and after kCommitLine.
std::vector<std::string> RollbackTransactions(const std::string& text);

}  // namespace ballast::release
