// SPDX-License-Identifier: Apache-2.0
// The names and scripts of a history, compared with what databases have applied.
#pragma once

#include <string>
#include <vector>

#include "lint/finding.h"
#include "release/migration.h"

namespace ballast::lint {

struct OrderQuestion {
  std::string since;                        // what `applied` is, in words: "release v4.0.0"
  release::Coverage applied;                // with checksums; an empty checksum is not compared
  std::vector<release::Migration> on_disk;  // in Prisma's order
  std::string folder;                       // of the migrations, for places
};

// Late, edited and removed migrations.
std::vector<Finding> OrderFindings(const OrderQuestion& question);

}  // namespace ballast::lint
