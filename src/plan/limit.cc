// SPDX-License-Identifier: Apache-2.0
#include "plan/limit.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/nearest_name.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "plan/follow_squash.h"
#include "plan/steps.h"
#include "release/coverage.h"

namespace ballast::plan {
namespace {

Status LimitRelease(const std::string& name, const ApplyRelease& release) {
  if (name == release.version) return {};
  const auto covered = release::CoveredNames(release.coverage);
  const bool is_hotfix =
      std::any_of(release.hotfixes.begin(), release.hotfixes.end(),
                  [&](const release::Migration& hotfix) { return hotfix.name == name; });
  if (is_hotfix || covered.contains(name)) {
    return MakeError(
        ErrorCode::kVersionMismatch,
        fmt::format("release {} is deployed as a whole, and --to names its migration {}",
                    release.version, name),
        fmt::format("name the release instead: --to {}; or stop at a migration of the history: "
                    "--strategy history --to NAME",
                    release.version));
  }
  const bool earlier = std::any_of(
      release.previous.begin(), release.previous.end(),
      [&](const release::PreviousRelease& previous) { return previous.version == name; });
  return MakeError(ErrorCode::kVersionMismatch,
                   fmt::format("--to names {}, and the package is release {}{}", name,
                               release.version, DidYouMean(name, {release.version})),
                   earlier ? "deploy the package of that release (--package PATH), or go back to "
                             "it: ballast rollback --to " +
                                 ShellWord(name)
                           : "deploy the package of that release: --package PATH");
}

Error NoSuchMigration(const std::string& name, const FollowHistory& history) {
  const bool squashed =
      history.squash && release::CoveredNames(SquashedNames(history)).contains(name);
  if (squashed) {
    return MakeError(ErrorCode::kMigrationNotFound,
                     fmt::format("migration {} cannot be the last: {} has replaced it", name,
                                 history.squash->record.name),
                     "name that one or a later one");
  }
  const bool is_release = history.release && history.release->version == name;
  return MakeError(ErrorCode::kMigrationNotFound,
                   fmt::format("there is no migration {} in this project{}", name,
                               DidYouMean(name, NamesOf(history.migrations))),
                   is_release
                       ? "to deploy the release of that name: ballast deploy --strategy release"
                       : "pass the name of a folder in the migrations folder");
}

}  // namespace

Status LimitTo(const std::string& name, Intent* intent) {
  if (name.empty()) return {};
  if (const auto* release = std::get_if<ApplyRelease>(intent)) return LimitRelease(name, *release);
  auto& history = std::get<FollowHistory>(*intent);
  history.last = name;
  const std::span<const release::Migration> requested = RequestedOf(history);
  if (requested.empty() || requested.back().name != name) return NoSuchMigration(name, history);
  if (!history.baseline) return {};
  std::set<std::string_view> names;
  for (const release::Migration& migration : requested) names.insert(migration.name);
  if (!release::AreAmong(history.baseline->coverage, names)) history.baseline.reset();
  return {};
}

std::vector<std::string> AppliedBeyond(const FollowHistory& history,
                                       const Observation& observation) {
  const std::set<std::string_view> applied = AppliedNames(observation);
  std::vector<std::string> beyond;
  for (size_t at = RequestedOf(history).size(); at < history.migrations.size(); ++at) {
    const std::string& name = history.migrations[at].name;
    if (applied.contains(name)) beyond.push_back(name);
  }
  return beyond;
}

Decision RefuseBeyondLimit(const FollowHistory& history, const std::vector<std::string>& beyond,
                           const Policy& policy) {
  const std::string sentence =
      fmt::format("the database is past {}: it has {} (the last is {})", history.last,
                  Counted(beyond.size(), "later migration"), beyond.back());
  const std::string back = "to go back: ballast rollback --to " + ShellWord(history.last);
  if (policy.strict) {
    return Refuse(Found::kAhead, {ErrorCode::kAhead, sentence, beyond, {back}});
  }
  Decision decision;
  decision.found = Found::kAhead;
  decision.answer = Plan{};
  decision.notices = {{NoticeKind::kAhead, sentence + "; nothing to do (" + back + ")"}};
  return decision;
}

}  // namespace ballast::plan
