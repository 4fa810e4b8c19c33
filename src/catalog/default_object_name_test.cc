// SPDX-License-Identifier: Apache-2.0
#include "catalog/default_object_name.h"

#include <gtest/gtest.h>

namespace ballast::catalog {
namespace {

TEST(DefaultObjectNameTest, TruncatesNamesLikeTheServer) {
  EXPECT_EQ(DefaultObjectName("User", "id", "seq"), "User_id_seq");
  const std::string long_table(50, 't');
  const std::string long_column(40, 'c');
  EXPECT_EQ(DefaultObjectName(long_table, long_column, "seq"),
            std::string(29, 't') + "_" + std::string(29, 'c') + "_seq");
  EXPECT_EQ(DefaultObjectName(long_table, "id", "not_null"), long_table + "_id_not_null");
  const std::string umlauts = [] {
    std::string text;
    for (int i = 0; i < 40; ++i) text += "ü";
    return text;
  }();
  EXPECT_EQ(DefaultObjectName(umlauts, "c", "seq").size(), 56U + 1 + 1 + 4);
}

}  // namespace
}  // namespace ballast::catalog
