// SPDX-License-Identifier: Apache-2.0
#include "project/proven_snapshots.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "project/project_context.h"
#include "release/package.h"
#include "release/squash.h"

namespace ballast::project {
namespace {

using catalog::SharedSnapshot;

SharedSnapshot StateIn(const SharedStates& states, std::string_view fingerprint) {
  const auto state = std::ranges::find(*states, fingerprint, &catalog::KnownState::fingerprint);
  return state == states->end() ? nullptr : SharedSnapshot(states, &state->snapshot);
}

const std::string* FileOf(const Artifacts& artifacts, const char* path) {
  if (!artifacts.package) return nullptr;
  const auto file = artifacts.package->files.find(path);
  return file == artifacts.package->files.end() ? nullptr : &file->second;
}

SharedSnapshot PointWith(const Artifacts& artifacts, std::string_view fingerprint) {
  for (const HistoryPoint& point : artifacts.points->All()) {
    if (point.fingerprint == fingerprint) return point.snapshot;
  }
  return nullptr;
}

using SnapshotFiles = std::array<std::pair<const char*, const std::string*>, 4>;

// The files that are one snapshot each; null: there is none.
SnapshotFiles FilesOf(const Artifacts& artifacts) {
  return {{{release::kSnapshotPath, FileOf(artifacts, release::kSnapshotPath)},
           {release::kHotfixSnapshotPath, FileOf(artifacts, release::kHotfixSnapshotPath)},
           {release::kDevelopmentSnapshotPath,
            artifacts.baseline ? &artifacts.baseline_snapshot : nullptr},
           {release::kSquashSnapshot, artifacts.squash ? &artifacts.squash->snapshot : nullptr}}};
}

Result<SharedSnapshot> FileWith(const Artifacts& artifacts, std::string_view fingerprint) {
  for (const auto& [path, text] : FilesOf(artifacts)) {
    if (text == nullptr) continue;
    TRY_ASSIGN(const ParsedSnapshots::Parsed parsed, artifacts.parsed->Snapshot(path, *text));
    if (parsed.fingerprint == fingerprint) return parsed.snapshot;
  }
  return SharedSnapshot();
}

Result<SharedStates> StatesOfSquash(const Artifacts& artifacts) {
  if (!artifacts.squash || artifacts.squash->states.empty()) {
    return std::make_shared<const std::vector<catalog::KnownState>>();
  }
  TRY_ASSIGN(const ParsedSnapshots::Parsed base,
             artifacts.parsed->Snapshot(release::kSquashSnapshot, artifacts.squash->snapshot));
  return artifacts.parsed->States(*base.snapshot, release::kSquashStates, artifacts.squash->states);
}

}  // namespace

Result<ParsedSnapshots::Parsed> ParsedSnapshots::Snapshot(const std::string& path,
                                                          const std::string& text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = snapshots_.find(path);
  if (known != snapshots_.end()) return known->second;
  TRY_ASSIGN(catalog::Snapshot snapshot, catalog::ParseSnapshot(text, path));
  Parsed parsed;
  parsed.fingerprint = catalog::Fingerprint(snapshot);
  parsed.snapshot = std::make_shared<const catalog::Snapshot>(std::move(snapshot));
  return snapshots_[path] = std::move(parsed);
}

Result<SharedStates> ParsedSnapshots::States(const catalog::Snapshot& base, const std::string& path,
                                             const std::string& text) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = states_.find(path);
  if (known != states_.end()) return known->second;
  TRY_ASSIGN(std::vector<catalog::KnownState> states, catalog::ParseStates(base, text, path));
  return states_[path] =
             std::make_shared<const std::vector<catalog::KnownState>>(std::move(states));
}

void HistoryPoints::Add(HistoryPoint point) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const bool known =
      std::ranges::find(points_, point.fingerprint, &HistoryPoint::fingerprint) != points_.end();
  if (!known) points_.push_back(std::move(point));
}

std::vector<HistoryPoint> HistoryPoints::All() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return points_;
}

Result<SharedSnapshot> ProvenSnapshot(const Artifacts& artifacts, const std::string& fingerprint) {
  if (SharedSnapshot point = PointWith(artifacts, fingerprint)) return point;
  TRY_ASSIGN(SharedSnapshot snapshot, FileWith(artifacts, fingerprint));
  if (snapshot) return snapshot;
  TRY_ASSIGN(const SharedStates squashed, StatesOfSquash(artifacts));
  if (SharedSnapshot state = StateIn(squashed, fingerprint)) return state;
  TRY_ASSIGN(const SharedStates states, StatesOfPackage(artifacts));
  if (SharedSnapshot state = StateIn(states, fingerprint)) return state;
  // A state without objects needs no file.
  const bool empty = fingerprint == catalog::Fingerprint({});
  return empty ? std::make_shared<const catalog::Snapshot>() : SharedSnapshot();
}

Result<catalog::DatedPartitions> DatedPartitionsIn(const Artifacts& artifacts) {
  catalog::DatedPartitions dated;
  for (const auto& [path, text] : FilesOf(artifacts)) {
    if (text == nullptr) continue;
    TRY_ASSIGN(const ParsedSnapshots::Parsed parsed, artifacts.parsed->Snapshot(path, *text));
    dated.Add(catalog::DatedPartitionsOf(*parsed.snapshot));
  }
  return dated;
}

Result<SharedStates> StatesOfPackage(const Artifacts& artifacts) {
  const std::string* text = FileOf(artifacts, release::kStatesPath);
  if (text == nullptr) return std::make_shared<const std::vector<catalog::KnownState>>();
  catalog::SharedSnapshot base = std::make_shared<const catalog::Snapshot>();
  if (const std::string* file = FileOf(artifacts, release::kSnapshotPath)) {
    TRY_ASSIGN(const ParsedSnapshots::Parsed parsed,
               artifacts.parsed->Snapshot(release::kSnapshotPath, *file));
    base = parsed.snapshot;
  }
  return artifacts.parsed->States(*base, release::kStatesPath, *text);
}

}  // namespace ballast::project
