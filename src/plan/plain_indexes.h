// SPDX-License-Identifier: Apache-2.0
// Concurrent index statements in a database that the deploy has just created.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "release/migration.h"

namespace ballast::plan {

// In a fresh database the deploy itself creates every table, and no other session uses it. CREATE
// INDEX CONCURRENTLY and DROP INDEX CONCURRENTLY can therefore run without CONCURRENTLY, in one
// transaction with their row. The catalog is the same, with one exception: the server refuses
// CONCURRENTLY on partitioned tables and their indexes. A script that may refer to one is not
// changed, and fails as it would without ballast.
class PlainIndexes {
 public:
  explicit PlainIndexes(const std::vector<release::Migration>& scripts);

  std::optional<RewrittenScript> FormOf(const release::Migration& migration) const;

 private:
  bool IsOfPartitioned(const std::string& index) const;

  const std::vector<release::Migration>& scripts_;
  std::set<std::string> partitioned_;  // names of partitioned tables' indexes, without schema
  bool unsure_ = false;                // code or a rename hides which tables are partitioned
};

}  // namespace ballast::plan
