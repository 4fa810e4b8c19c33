// SPDX-License-Identifier: Apache-2.0
// Concurrent index statements in a database that is just being made.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "release/migration.h"

namespace ballast::plan {

// In a fresh database every table was made by this very deploy and nobody waits for it, so CREATE
// INDEX CONCURRENTLY and DROP INDEX CONCURRENTLY may run without that word, in a transaction with
// their row. The catalog is the same, except that the server refuses the word on partitioned tables
// and their indexes: a script that may be about one runs as it is written, and fails as it would.
class PlainIndexes {
 public:
  explicit PlainIndexes(const std::vector<release::Migration>& scripts);

  std::optional<RewrittenScript> FormOf(const release::Migration& migration) const;

 private:
  bool IsOfPartitioned(const std::string& index) const;

  const std::vector<release::Migration>& scripts_;
  std::set<std::string> partitioned_;  // names that partitioned tables have, without schema
  bool unsure_ = false;                // code or a rename hides which tables are partitioned
};

}  // namespace ballast::plan
