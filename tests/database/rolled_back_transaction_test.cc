// SPDX-License-Identifier: Apache-2.0
#include "postgres/rolled_back_transaction.h"

#include <gtest/gtest.h>

#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

using postgres::InRolledBackTransaction;
using postgres::TransactionState;

class RolledBackTransactionTest : public ServerTest {};

TEST_F(RolledBackTransactionTest, LeavesNothingBehind) {
  std::string seen;
  const Status done =
      InRolledBackTransaction(db().session(), "BEGIN; CREATE TABLE tried (a int)", [&]() -> Status {
        TRY_ASSIGN(const postgres::Value count,
                   db().session().QueryValue("SELECT count(*) FROM tried"));
        seen = count.value_or("");
        return {};
      });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(seen, "0");
  EXPECT_EQ(db().session().transaction_state(), TransactionState::kIdle);
  EXPECT_EQ(db().Value("SELECT to_regclass('tried')"), "NULL");
}

// Whether the work fails or what is tried first, in the transaction or before it.
TEST_F(RolledBackTransactionTest, EndsAfterAnError) {
  const auto works = []() -> Status { return {}; };
  const auto fails = [&]() -> Status {
    TRY(db().session().Query("SELECT * FROM missing"));
    return {};
  };
  const struct {
    const char* begin;
    std::function<Status()> work;
    const char* sqlstate;
  } cases[] = {
      {"BEGIN", fails, "42P01"},
      {"BEGIN; ALTER TABLE missing RENAME TO found", works, "42P01"},
      {"BEGIN ISOLATION", works, "42601"},
  };
  for (const auto& one : cases) {
    SCOPED_TRACE(one.begin);
    const Status done = InRolledBackTransaction(db().session(), one.begin, one.work);
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().Detail("sqlstate"), one.sqlstate);
    EXPECT_EQ(db().session().transaction_state(), TransactionState::kIdle);
    EXPECT_TRUE(db().session().TakeNotices().empty());
  }
}

}  // namespace
}  // namespace ballast::testing
