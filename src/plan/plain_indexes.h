// SPDX-License-Identifier: Apache-2.0
// Concurrent index statements in a database that the deploy has just created.
#pragma once

#include <optional>
#include <vector>

#include "plan/plan.h"
#include "release/migration.h"
#include "sql/partitioned_tables.h"

namespace ballast::plan {

// In a fresh database the deploy itself creates every table, and no other session uses it. CREATE
// INDEX CONCURRENTLY and DROP INDEX CONCURRENTLY can therefore run without CONCURRENTLY, in one
// transaction with their row. The catalog is the same, with one exception: the server refuses
// CONCURRENTLY on partitioned tables and their indexes. A script that may refer to one is not
// changed, and fails as it would without ballast. Neither is one that names a schema which the
// scripts do not create.
class PlainIndexes {
 public:
  // All scripts of the deploy, in order; they must outlive this object.
  explicit PlainIndexes(const std::vector<release::Migration>& scripts) : scripts_(scripts) {}

  std::optional<RewrittenScript> FormOf(const release::Migration& migration);

 private:
  // Whether the scripts create the schema. If not, its tables can be another application's, which
  // is running.
  bool IsOwn(const std::string& schema) const;

  const std::vector<release::Migration>& scripts_;
  std::optional<sql::PartitionedTables> partitioned_;  // read when a script needs it
};

}  // namespace ballast::plan
