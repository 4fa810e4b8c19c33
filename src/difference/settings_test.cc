// SPDX-License-Identifier: Apache-2.0
#include "difference/settings.h"

#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

const Settings kBefore = {{"set a 1;\n", "reset a;\n", "a"}, {"set b 1;\n", "reset b;\n", "b"}};
const Settings kAfter = {{"set b 1;\n", "reset b;\n", "b"}, {"set a 2;\n", "reset a;\n", "a"}};

TEST(Settings, AreTakenBackInReverseOrder) {
  EXPECT_EQ(ResetAll(kBefore, nullptr), "reset b;\nreset a;\n");
  EXPECT_EQ(ResetAll({{"set c 1;\n", ""}}, nullptr), "");
}

TEST(Settings, OnlyDifferencesAreWritten) {
  EXPECT_EQ(AlterSettings(kBefore, kAfter, nullptr), "reset a;\nset a 2;\n");
  EXPECT_EQ(AlterSettings(kBefore, kBefore, nullptr), "");
  EXPECT_EQ(SettingsNotIn(kAfter, kBefore), "set a 2;\n");
}

TEST(Settings, BelongToColumns) {
  catalog::TableObject table;
  table.table.name = {"", "t"};
  table.table.columns.resize(1);
  table.table.columns[0].name = "b";
  const Settings remaining = OfRemainingColumns(kBefore, table);
  ASSERT_EQ(remaining.size(), 1U);
  EXPECT_EQ(remaining[0].column, "b");
}

// The default storage is that of the type that the column has by then.
TEST(Settings, ResetStorageToThatOfTheColumnsType) {
  catalog::TableObject table;
  table.table.name = {"", "t"};
  table.table.columns.resize(1);
  table.table.columns[0].name = "b c";
  table.type_storages = {"MAIN"};
  const Settings storage = {{"set storage;\n", "reset storage to EXTENDED;\n", "b c", true}};
  EXPECT_EQ(ResetAll(storage, &table),
            "ALTER TABLE ONLY \"t\" ALTER COLUMN \"b c\" SET STORAGE MAIN;\n");
  EXPECT_EQ(ResetAll(storage, nullptr), "reset storage to EXTENDED;\n");
}

}  // namespace
}  // namespace ballast::difference
