// SPDX-License-Identifier: Apache-2.0
#include "plan/retry.h"

#include <algorithm>

#include "base/sqlstate.h"
#include "sql/classify.h"

namespace ballast::plan {
namespace {

// Whether nothing of the script that failed remains, and another one of its kind may succeed.
bool IsOfScript(const Error& error) {
  return error.code == ErrorCode::kMigrationFailed && !error.Detail("migration").empty();
}

bool CanBeSplit(const Error& error, release::ReplayMode mode) {
  return mode == release::ReplayMode::kAuto && IsOfScript(error) &&
         release::SucceedsWhenSplit(error.Detail("sqlstate"));
}

// Whether scripts run before this one in its transaction.
bool FollowsOthers(const Plan& plan, const std::string& name) {
  for (const Transaction& transaction : plan.transactions) {
    bool follows = false;
    for (const Step& step : transaction.steps) {
      const auto* run = std::get_if<RunScript>(&step.act);
      if (run == nullptr) continue;
      if (run->migration.name == name) return follows;
      follows = true;
    }
  }
  return false;
}

// A commit before the script ends these states: events of deferred triggers are pending on a table
// (55006), or a value of an enum is new (55P04).
bool SucceedsApart(const Error& error, const Plan& plan) {
  const std::string state = error.Detail("sqlstate");
  return IsOfScript(error) &&
         (state == sqlstate::kObjectInUse || state == sqlstate::kUnsafeNewEnumValueUsage) &&
         FollowsOthers(plan, error.Detail("migration"));
}

}  // namespace

bool HasOneStatement(const Plan& plan, const std::string& name) {
  return sql::AnalyzeScript(ScriptNamed(plan, name)).statements == 1;
}

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
                             const Plan& plan, const RetryPolicy& policy) {
  if (!error.Detail(kLockLost).empty()) return NextAttempt::kAtOnce;
  if (SucceedsApart(error, plan)) return NextAttempt::kApart;
  if (CanBeSplit(error, mode)) return NextAttempt::kSplit;
  const bool again = IsRetriedAfterLock(error) && waits && attempt < policy.lock_attempts;
  return again ? NextAttempt::kAfterPause : NextAttempt::kNone;
}

}  // namespace ballast::plan
