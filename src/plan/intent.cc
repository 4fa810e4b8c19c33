// SPDX-License-Identifier: Apache-2.0
#include "plan/intent.h"

#include <algorithm>

#include "release/coverage.h"

namespace ballast::plan {

const release::FingerprintRecord* ProvenEnd(const ApplyRelease& release) {
  if (release.hotfixes.empty()) return &release.fingerprint;
  return release.with_hotfixes.catalog.empty() ? nullptr : &release.with_hotfixes;
}

const release::FingerprintRecord* ProvenEnd(const FollowHistory& history) {
  if (!history.baseline || history.baseline->fingerprint.catalog.empty()) return nullptr;
  if (history.baseline->coverage.size() != history.migrations.size()) return nullptr;
  const auto covered = release::CoveredNames(history.baseline->coverage);
  const bool all = std::all_of(
      history.migrations.begin(), history.migrations.end(),
      [&](const release::Migration& migration) { return covered.contains(migration.name); });
  return all ? &history.baseline->fingerprint : nullptr;
}

const release::FingerprintRecord* ProvenEnd(const Intent& intent) {
  return std::visit([](const auto& some) { return ProvenEnd(some); }, intent);
}

}  // namespace ballast::plan
