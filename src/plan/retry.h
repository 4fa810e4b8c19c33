// SPDX-License-Identifier: Apache-2.0
// What a deploy does after a failed attempt. Pure.
#pragma once

#include <chrono>

#include "base/error.h"
#include "plan/plan.h"
#include "release/replay_mode.h"

namespace ballast::plan {

// A detail of the error of a statement that had no effect: the next run continues with it.
inline constexpr char kResumable[] = "resumable";

// A detail of the error of a run whose session has lost the deployment lock.
inline constexpr char kLockLost[] = "lock_lost";

enum class NextAttempt {
  kNone,
  // Again, from the observation on, which waits for the deployment lock: another deployment can
  // have changed the rows.
  kAtOnce,
  // Again, from the observation on, after a pause: a lock on a table was not granted in time, and
  // nothing of the transaction remains. In between, an application's reads can proceed that queue
  // behind a waiting ALTER TABLE.
  kAfterPause,
  // Again, with the script of the error statement by statement: the server refused it in one
  // transaction, and nothing of it remains.
  kSplit,
  // Again, with the script of the error at the beginning of a transaction: the server refused it
  // because of what the scripts before it in the transaction did, and nothing of them remains.
  kApart
};

struct RetryPolicy {
  int lock_attempts = 8;
  std::chrono::milliseconds first_pause{100};  // doubles with each attempt
  std::chrono::milliseconds longest_pause{2000};

  // The pause after this attempt; the first has number 1.
  std::chrono::milliseconds PauseAfter(int attempt) const;
};

// Whether a table lock was not granted in time (SQLSTATE 55P03).
bool IsLockNotAvailable(const Error& error);
// Whether another attempt can succeed after it. A script outside a transaction can be continued
// only if its row records where.
bool IsRetriedAfterLock(const Error& error);

// Whether the plan's script of this name is a single statement.
bool HasOneStatement(const Plan& plan, const std::string& name);

// Also after a partial error: what was committed is not run again. `waits`: the session has a lock
// timeout; without one, the server would not give up. `plan`: of the failed attempt.
NextAttempt NextAttemptAfter(const Error& error, int attempt, bool waits, release::ReplayMode mode,
                             const Plan& plan, const RetryPolicy& policy = {});

}  // namespace ballast::plan
