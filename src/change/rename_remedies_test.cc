// SPDX-License-Identifier: Apache-2.0
#include "change/rename_remedies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::change {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

catalog::Database With(const std::vector<std::pair<std::string, std::string>>& columns) {
  catalog::Database database;
  catalog::TableObject& table = database.tables.emplace_back();
  table.table.name = {"", "t"};
  for (const auto& [name, type] : columns) {
    catalog::Column& column = table.table.columns.emplace_back();
    column.name = name;
    column.type = type;
  }
  return database;
}

std::vector<difference::Statement> Drop(const std::string& column) {
  difference::Statement statement;
  statement.target = catalog::PartOf({"", "t"}, "column", column);
  statement.loses = {"column \"t\".\"" + column + "\""};
  return {statement};
}

TEST(RenameRemediesTest, NameMissingColumnsOfTheSameType) {
  const auto remedies = [](const std::vector<std::pair<std::string, std::string>>& goal) {
    return RenameRemedies(Drop("new"), With({{"id", "integer"}, {"new", "text"}}), With(goal));
  };
  EXPECT_THAT(remedies({{"id", "integer"}, {"name", "text"}}),
              ElementsAre(Pair("column \"t\".\"new\"",
                               "if this column was renamed by hand, rename it back: ALTER TABLE "
                               "\"t\" RENAME COLUMN \"new\" TO \"name\";")));
  EXPECT_THAT(remedies({{"id", "integer"}, {"name", "integer"}}), IsEmpty());
  EXPECT_THAT(remedies({{"id", "integer"}}), IsEmpty());
  EXPECT_THAT(remedies({{"id", "integer"}, {"new", "integer"}, {"name", "text"}}), IsEmpty());
  EXPECT_THAT(remedies({{"a", "text"}, {"b", "text"}}),
              ElementsAre(Pair("column \"t\".\"new\"",
                               "if this column was renamed by hand, rename it back: ALTER TABLE "
                               "\"t\" RENAME COLUMN \"new\" TO \"a\"; or ALTER TABLE \"t\" "
                               "RENAME COLUMN \"new\" TO \"b\";")));
}

}  // namespace
}  // namespace ballast::change
