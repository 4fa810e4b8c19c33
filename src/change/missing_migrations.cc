// SPDX-License-Identifier: Apache-2.0
#include "change/missing_migrations.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "release/coverage.h"
#include "release/package.h"

namespace ballast::change {
namespace {

// What a database in the state `now` has run.
class RunMigrations {
 public:
  RunMigrations(const RepairGoal& now, const plan::FollowHistory* history,
                const plan::Observation& observation)
      : history_(history),
        observation_(observation),
        ran_(RunBy(now)),
        names_(release::CoveredNames(ran_)) {
    if (history == nullptr || !history->squash) return;
    const bool is_squashed = std::ranges::all_of(
        history->squash->history, [&](const auto& replaced) { return Has(replaced.name); });
    if (is_squashed) names_.insert(history->squash->record.name);
  }
  RunMigrations(const RunMigrations&) = delete;
  RunMigrations& operator=(const RunMigrations&) = delete;

  bool Has(std::string_view name) const {
    return names_.contains(name) || (history_ != nullptr && HasRun(*history_, observation_, name));
  }
  bool HasScript(const std::string& checksum) const {
    return std::ranges::find(ran_, checksum, &release::CoveredMigration::checksum) != ran_.end();
  }

 private:
  const plan::FollowHistory* history_;
  const plan::Observation& observation_;
  release::Coverage ran_;
  std::set<std::string_view> names_;  // of `ran_`, and of the squash that replaces them
};

const release::PreviousRelease* PreviousOf(const release::Manifest& manifest,
                                           const RepairGoal& goal) {
  const auto found =
      std::ranges::find(manifest.previous, goal.version, &release::PreviousRelease::version);
  return found == manifest.previous.end() ? nullptr : &*found;
}

// Whether migrations of other scripts replace hotfixes of the release.
bool HasOtherScripts(const release::PreviousRelease& previous, const release::Manifest& manifest) {
  return std::ranges::any_of(manifest.coverage, [&](const release::CoveredMigration& migration) {
    const bool replaces =
        std::ranges::find(previous.replaces, migration.name) != previous.replaces.end();
    return replaces &&
           std::ranges::find(previous.hotfixes, migration.checksum,
                             &release::CoveredMigration::checksum) == previous.hotfixes.end();
  });
}

}  // namespace

std::vector<std::string> MissingMigrations(const RepairGoal& goal, const RepairGoal& now,
                                           const release::Manifest& manifest,
                                           const plan::FollowHistory* history,
                                           const plan::Observation& observation) {
  const RunMigrations ran(now, history, observation);
  std::vector<std::string> missing;
  bool is_newest = true;  // everything that the package covers has run
  for (const release::CoveredMigration& migration : manifest.coverage) {
    if (ran.Has(migration.name)) continue;
    is_newest = false;
    if (release::Covers(goal.covers, migration.name)) missing.push_back(migration.name);
  }
  const release::PreviousRelease* previous = PreviousOf(manifest, goal);
  const bool are_replaced =
      previous && missing.empty() && (is_newest || HasOtherScripts(*previous, manifest));
  if (are_replaced) return {};
  for (const release::CoveredMigration& hotfix : goal.rows.run) {
    const bool has = hotfix.name == release::kBaselineName || ran.Has(hotfix.name) ||
                     ran.HasScript(hotfix.checksum);
    if (!has) missing.push_back(hotfix.name);
  }
  return missing;
}

}  // namespace ballast::change
