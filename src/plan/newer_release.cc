// SPDX-License-Identifier: Apache-2.0
#include "plan/newer_release.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/steps.h"

namespace ballast::plan {

std::optional<Decision> AtNewerRelease(const ApplyRelease& release, const Observation& observation,
                                       const std::string& baseline_checksum) {
  if (!observation.journal_release) return std::nullopt;
  const JournalRelease& last = *observation.journal_release;
  const auto& older = last.older_baselines;
  const bool newer =
      last.baseline_checksum == baseline_checksum &&
      std::find(older.begin(), older.end(), release.baseline.checksum) != older.end();
  if (!newer) return std::nullopt;
  Decision decision;
  decision.found = Found::kAhead;
  decision.unknown = {last.version};
  decision.answer = Plan{};
  decision.notices.push_back(
      {NoticeKind::kAhead,
       fmt::format("the database is ahead: it is at release {}; nothing to do", last.version)});
  return decision;
}

}  // namespace ballast::plan
