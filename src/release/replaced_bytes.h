// SPDX-License-Identifier: Apache-2.0
// Migrations that are not UTF-8. Prisma replaces each such byte sequence with U+FFFD, and so does
// MakeMigration; the database gets that character.
#pragma once

#include <string>
#include <vector>

#include "release/migration.h"

namespace ballast::release {

// A sentence about each migration that has the character U+FFFD.
std::vector<std::string> DescribeReplacedBytes(const std::vector<Migration>& migrations);

}  // namespace ballast::release
