// SPDX-License-Identifier: Apache-2.0
#include "plan/retry.h"

#include <algorithm>

#include "base/sqlstate.h"

namespace ballast::plan {
namespace {

bool CanBeSplit(const Error& error, release::ReplayMode mode) {
  return mode == release::ReplayMode::kAuto && error.code == ErrorCode::kMigrationFailed &&
         !error.Detail("migration").empty() && release::SucceedsWhenSplit(error.Detail("sqlstate"));
}

}  // namespace

std::chrono::milliseconds RetryPolicy::PauseAfter(int attempt) const {
  std::chrono::milliseconds pause = first_pause;
  for (int i = 1; i < attempt && pause < longest_pause; ++i) pause *= 2;
  return std::min(pause, longest_pause);
}

bool IsLockNotAvailable(const Error& error) {
  return error.Detail("sqlstate") == sqlstate::kLockNotAvailable;
}

bool IsRetriedAfterLock(const Error& error) {
  if (!IsLockNotAvailable(error)) return false;
  return error.code != ErrorCode::kPartiallyApplied || !error.Detail(kResumable).empty();
}

NextAttempt NextAttemptAfter(const Error& error, int attempt, bool waits, release::ReplayMode mode,
                             const RetryPolicy& policy) {
  if (!error.Detail(kLockLost).empty()) return NextAttempt::kAtOnce;
  if (CanBeSplit(error, mode)) return NextAttempt::kSplit;
  const bool again = IsRetriedAfterLock(error) && waits && attempt < policy.lock_attempts;
  return again ? NextAttempt::kAfterPause : NextAttempt::kNone;
}

}  // namespace ballast::plan
