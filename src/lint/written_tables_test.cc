// SPDX-License-Identifier: Apache-2.0
#include "lint/written_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace ballast::lint {
namespace {

using ::testing::ElementsAre;

Relation Table(const char* name, Oid partition_of, std::vector<Oid> inherits_from) {
  Relation relation;
  relation.name = name;
  relation.partition_of = partition_of;
  relation.inherits_from = std::move(inherits_from);
  return relation;
}

// The tables are locked in this order.
StatementTrace Writing(const char* name, const std::vector<Oid>& locked) {
  CatalogState catalog;
  catalog.relations = {{1, Table("t", 0, {})},           {2, Table("child", 0, {1})},
                       {3, Table("grandchild", 0, {2})}, {4, Table("audit", 0, {})},
                       {5, Table("p", 0, {})},           {6, Table("part", 5, {})}};
  StatementTrace trace;
  trace.statement.object.name = name;
  for (const Oid table : locked) trace.locks.push_back({sql::LockMode::kRowExclusive, table});
  trace.before = std::make_shared<const CatalogState>(std::move(catalog));
  return trace;
}

TEST(WrittenTables, AreTheNamedOneAndThoseThatInheritFromIt) {
  EXPECT_THAT(WrittenTables(Writing("t", {4, 3, 2, 1})), ElementsAre(1, 2, 3));
  EXPECT_THAT(WrittenTables(Writing("child", {2, 3})), ElementsAre(2, 3));
  EXPECT_THAT(WrittenTables(Writing("p", {6, 5})), ElementsAre(5));
  EXPECT_THAT(WrittenTables(Writing("part", {6, 5})), ElementsAre(6));
  EXPECT_THAT(WrittenTables(Writing("view", {2, 1})), ElementsAre(1, 2));
  EXPECT_THAT(WrittenTables(Writing("t", {})), ElementsAre());
}

TEST(WrittenTables, PartitionsAreNoChildren) {
  const StatementTrace trace = Writing("t", {});
  EXPECT_TRUE(HasChildren(trace, 1));
  EXPECT_FALSE(HasChildren(trace, 3));
  EXPECT_FALSE(HasChildren(trace, 5));
}

}  // namespace
}  // namespace ballast::lint
