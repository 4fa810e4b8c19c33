// SPDX-License-Identifier: Apache-2.0
// Compares the names and scripts of a migration history with those that databases have applied.
#pragma once

#include <string>
#include <vector>

#include "lint/finding.h"
#include "release/migration.h"

namespace ballast::lint {

struct OrderQuestion {
  std::string since;          // description of `applied`: "release v4.0.0"
  release::Coverage applied;  // a migration with an empty checksum is compared by name only
  std::vector<release::Migration> on_disk;  // in Prisma's order
  std::string folder;                       // of the migrations, for places
};

// Findings about migrations that were added late, edited or removed.
std::vector<Finding> OrderFindings(const OrderQuestion& question);

}  // namespace ballast::lint
