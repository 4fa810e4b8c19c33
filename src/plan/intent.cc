// SPDX-License-Identifier: Apache-2.0
#include "plan/intent.h"

#include <algorithm>

#include "release/coverage.h"

namespace ballast::plan {

const std::vector<release::Migration>& ApplyRelease::History() const {
  static const std::vector<release::Migration> none;
  return history ? *history : none;
}

std::span<const release::Migration> RequestedOf(const FollowHistory& history) {
  const std::span<const release::Migration> all(history.migrations);
  if (history.last.empty()) return all;
  const auto last = std::find_if(all.begin(), all.end(), [&](const release::Migration& migration) {
    return migration.name == history.last;
  });
  return all.first(static_cast<size_t>(last - all.begin()) + (last == all.end() ? 0 : 1));
}

const release::FingerprintRecord* ProvenEnd(const ApplyRelease& release) {
  if (release.hotfixes.empty()) return &release.fingerprint;
  return release.with_hotfixes.catalog.empty() ? nullptr : &release.with_hotfixes;
}

const release::FingerprintRecord* ProvenEnd(const FollowHistory& history) {
  if (!history.baseline || history.baseline->fingerprint.catalog.empty()) return nullptr;
  const std::span<const release::Migration> requested = RequestedOf(history);
  if (history.baseline->coverage.size() != requested.size()) return nullptr;
  const auto covered = release::CoveredNames(history.baseline->coverage);
  const bool all = std::all_of(
      requested.begin(), requested.end(),
      [&](const release::Migration& migration) { return covered.contains(migration.name); });
  return all ? &history.baseline->fingerprint : nullptr;
}

const release::FingerprintRecord* ProvenEnd(const Intent& intent) {
  return std::visit([](const auto& some) { return ProvenEnd(some); }, intent);
}

}  // namespace ballast::plan
