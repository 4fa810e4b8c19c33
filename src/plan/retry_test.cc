// SPDX-License-Identifier: Apache-2.0
#include "plan/retry.h"

#include <gtest/gtest.h>

namespace ballast::plan {
namespace {

using std::chrono::milliseconds;

constexpr char kScript[] = "20240101000000_a";

Error ErrorWith(ErrorCode code, const std::string& sqlstate, bool resumable = false) {
  Error error = MakeError(code, "failed");
  error.details.emplace_back("sqlstate", sqlstate);
  error.details.emplace_back("migration", kScript);
  if (resumable) error.details.emplace_back(kResumable, "yes");
  return error;
}

TEST(RetryTest, DependsOnTheErrorAndTheAttempt) {
  const Error lock = ErrorWith(ErrorCode::kMigrationFailed, "55P03");
  const Error syntax = ErrorWith(ErrorCode::kMigrationFailed, "42601");
  const Error not_in_transaction = ErrorWith(ErrorCode::kMigrationFailed, "25001");
  Error lost = MakeError(ErrorCode::kPartiallyApplied, "lost");
  lost.details.emplace_back(kLockLost, "yes");
  const Error ends_in_code = ErrorWith(ErrorCode::kMigrationFailed, "2D000");
  const Error pending_events = ErrorWith(ErrorCode::kMigrationFailed, "55006");
  const Error new_value = ErrorWith(ErrorCode::kMigrationFailed, "55P04");
  Plan shared;
  shared.transactions.resize(1);
  for (const char* name : {"20230101000000_before", kScript}) {
    shared.transactions[0].steps.push_back(
        {RunScript{release::MakeMigration(name, "SELECT 1")}, ""});
  }
  constexpr auto kAuto = release::ReplayMode::kAuto;
  constexpr auto kBatch = release::ReplayMode::kBatch;
  struct Case {
    const char* what;
    Error error;
    int attempt;
    bool waits;
    release::ReplayMode mode;
    NextAttempt expected;
    Plan plan = {};
  };
  for (const Case& c : {
           Case{"a lock", lock, 1, true, kAuto, NextAttempt::kAfterPause},
           Case{"a lock at the last attempt", lock, 8, true, kAuto, NextAttempt::kNone},
           Case{"a lock without a timeout", lock, 1, false, kAuto, NextAttempt::kNone},
           Case{"a lock in batch mode", lock, 2, true, kBatch, NextAttempt::kAfterPause},
           Case{"a lock outside a transaction", ErrorWith(ErrorCode::kPartiallyApplied, "55P03"), 1,
                true, kAuto, NextAttempt::kNone},
           Case{"the same, and it can continue",
                ErrorWith(ErrorCode::kPartiallyApplied, "55P03", true), 1, true, kAuto,
                NextAttempt::kAfterPause},
           Case{"not in a transaction", not_in_transaction, 1, true, kAuto, NextAttempt::kSplit},
           Case{"the same in batch mode", not_in_transaction, 1, true, kBatch, NextAttempt::kNone},
           Case{"the deployment lock was lost", lost, 9, false, kBatch, NextAttempt::kAtOnce},
           Case{"a syntax error", syntax, 1, true, kAuto, NextAttempt::kNone},
           Case{"code that commits", ends_in_code, 1, true, kAuto, NextAttempt::kSplit},
           Case{"pending events of scripts before it", pending_events, 1, true, kBatch,
                NextAttempt::kApart, shared},
           Case{"its own", pending_events, 1, true, kAuto, NextAttempt::kNone},
           Case{"a value of a script before it", new_value, 1, true, kAuto, NextAttempt::kApart,
                shared},
           Case{"its own", new_value, 1, true, kAuto, NextAttempt::kSplit},
       }) {
    EXPECT_EQ(NextAttemptAfter(c.error, c.attempt, c.waits, c.mode, c.plan), c.expected) << c.what;
  }
}

TEST(RetryTest, PausesBecomeLonger) {
  const RetryPolicy policy;
  EXPECT_EQ(policy.PauseAfter(1), milliseconds(100));
  EXPECT_EQ(policy.PauseAfter(2), milliseconds(200));
  EXPECT_EQ(policy.PauseAfter(5), milliseconds(1600));
  EXPECT_EQ(policy.PauseAfter(7), milliseconds(2000));
}

}  // namespace
}  // namespace ballast::plan
