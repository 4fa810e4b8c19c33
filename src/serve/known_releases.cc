// SPDX-License-Identifier: Apache-2.0
#include "serve/known_releases.h"

#include <fmt/format.h>

#include <algorithm>

#include "project/known_packages.h"

namespace ballast::serve {
namespace {

constexpr std::chrono::minutes kAge{1};

std::vector<KnownRelease> Read(const project::ProjectContext& context) {
  std::vector<KnownRelease> releases;
  const auto packages = project::KnownPackagesOf(context);
  if (!packages) return releases;
  for (const project::KnownPackage& found : *packages) {
    if (!found.package || !found.problem.empty()) continue;
    const release::Manifest& manifest = found.package->manifest;
    KnownRelease line{
        manifest.version, found.place, manifest.fingerprint.catalog, manifest.migration_count, {}};
    if (manifest.proof.equal) {
      for (const auto& previous : manifest.previous) line.upgrades_from.push_back(previous.version);
    }
    releases.push_back(std::move(line));
  }
  return releases;
}

std::optional<size_t> NodeOf(const PackageState& state, const std::string& version) {
  const auto found = std::find_if(state.nodes.begin(), state.nodes.end(),
                                  [&](const PathNode& node) { return node.name == version; });
  if (found == state.nodes.end()) return std::nullopt;
  return static_cast<size_t>(found - state.nodes.begin());
}

bool Joined(const PackageState& state, size_t a, size_t b) {
  return std::any_of(state.edges.begin(), state.edges.end(), [&](const PathEdge& edge) {
    return (edge.from == a && edge.to == b) || (edge.from == b && edge.to == a);
  });
}

}  // namespace

std::vector<KnownRelease> KnownReleases::Of(const project::ProjectContext& context,
                                            const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  const auto found = kept_.find(name);
  if (found != kept_.end() && now - found->second.read_at < kAge) return found->second.releases;
  return (kept_[name] = {now, Read(context)}).releases;
}

void AddKnownReleases(const std::vector<KnownRelease>& known, PackageState& state) {
  const std::optional<size_t> current = NodeOf(state, state.version);
  if (!current) return;
  std::vector<size_t> added;
  for (const KnownRelease& release : known) {
    if (NodeOf(state, release.version)) continue;
    added.push_back(state.nodes.size());
    state.nodes.push_back(
        {release.version, PathNodeKind::kRelease, release.fingerprint, release.migrations});
  }
  for (const KnownRelease& release : known) {
    const std::optional<size_t> to = NodeOf(state, release.version);
    for (const std::string& version : release.upgrades_from) {
      const std::optional<size_t> from = NodeOf(state, version);
      if (!from || Joined(state, *from, *to)) continue;
      state.edges.push_back({*from, *to, true, "proven by the package at " + release.place});
    }
  }
  for (const size_t node : added) {
    if (Joined(state, node, *current)) continue;
    const bool older = state.nodes[node].migrations <= state.nodes[*current].migrations;
    state.edges.push_back({older ? node : *current, older ? *current : node, false,
                           "no package proves this upgrade: ballast release create "
                           "--from-release"});
  }
}

}  // namespace ballast::serve
