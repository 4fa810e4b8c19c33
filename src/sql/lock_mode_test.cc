// SPDX-License-Identifier: Apache-2.0
#include "sql/lock_mode.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(LockModeTest, NamesAndTheirInverses) {
  for (int number = 1; number <= static_cast<int>(LockMode::kAccessExclusive); ++number) {
    const auto mode = static_cast<LockMode>(number);
    EXPECT_EQ(LockModeNamed(NameOf(mode)), mode);
    EXPECT_EQ(LockModeOfPgLocks(PgLocksNameOf(mode)), mode);
  }
  EXPECT_EQ(NameOf(LockMode::kShareRowExclusive), "SHARE ROW EXCLUSIVE");
  EXPECT_EQ(PgLocksNameOf(LockMode::kShareRowExclusive), "ShareRowExclusiveLock");
  EXPECT_EQ(NameOf(LockMode::kNone), "");
  EXPECT_EQ(LockModeNamed(""), std::nullopt);
  EXPECT_EQ(LockModeNamed("ACCESS"), std::nullopt);
  EXPECT_EQ(LockModeOfPgLocks("SIReadLock"), LockMode::kNone);
}

}  // namespace
}  // namespace ballast::sql
