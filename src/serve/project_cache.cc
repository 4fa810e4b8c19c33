// SPDX-License-Identifier: Apache-2.0
#include "serve/project_cache.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "base/text.h"
#include "project/project_name.h"
#include "workspace/migrations_folder.h"
#include "workspace/project.h"

namespace ballast::serve {
namespace {

std::string NameWithHotfixes(const std::string& version, size_t hotfixes) {
  const release::SplitVersion split = release::SplitHotfixes(version);
  if (split.hotfixes > 0 || hotfixes == 0) return version;
  return release::VersionWithHotfixes(version, hotfixes);
}

// The graph of a package: from the empty database and from each earlier release to this one.
void AddPaths(const release::Manifest& manifest, PackageState& state) {
  const bool proven = manifest.proof.equal;
  const std::string servers = Join(manifest.proof.servers, ", ");
  state.nodes.push_back({"empty database", PathNodeKind::kEmpty, "", 0});
  for (const release::PreviousRelease& previous : manifest.previous) {
    const size_t count = previous.coverage.size() + previous.hotfixes.size();
    state.nodes.push_back({NameWithHotfixes(previous.version, previous.hotfixes.size()),
                           PathNodeKind::kRelease, previous.fingerprint, static_cast<int>(count)});
  }
  const size_t current = state.nodes.size();
  state.nodes.push_back({manifest.version, PathNodeKind::kRelease, manifest.fingerprint.catalog,
                         manifest.migration_count});
  for (size_t from = 0; from < current; ++from) {
    state.edges.push_back({from, current, proven,
                           proven ? fmt::format("replayed and compared on PostgreSQL {}", servers)
                                  : "the manifest has no proof"});
  }
  const std::set<std::string> unproven(state.unproven.begin(), state.unproven.end());
  size_t last = current;
  size_t number = 0;
  const auto counted = static_cast<size_t>(release::SplitHotfixes(manifest.version).hotfixes);
  for (const std::string& hotfix : state.hotfixes) {
    if (++number <= counted) continue;  // the version counts it
    const bool sealed = !unproven.contains(hotfix);
    state.nodes.push_back({release::VersionWithHotfixes(manifest.version, number),
                           sealed ? PathNodeKind::kRelease : PathNodeKind::kUnproven, "",
                           manifest.migration_count});
    state.edges.push_back(
        {last, state.nodes.size() - 1, sealed,
         sealed ? hotfix : hotfix + " is not in the manifest: ballast hotfix seal"});
    last = state.nodes.size() - 1;
  }
  if (state.newer_migrations.empty()) return;
  state.nodes.push_back(
      {"next", PathNodeKind::kUnproven, "", static_cast<int>(state.newer_migrations.size())});
  state.edges.push_back({last, state.nodes.size() - 1, false,
                         "no package covers these migrations: ballast release create"});
}

std::vector<std::string> NewerMigrations(const ServedProject& loaded,
                                         const release::Manifest& manifest) {
  const auto folder = workspace::LoadMigrations(loaded.context->project.migrations);
  std::vector<std::string> newer;
  if (!folder) return newer;
  std::set<std::string> covered;
  for (const auto& migration : manifest.coverage) covered.insert(migration.name);
  for (const auto& migration : folder->migrations) {
    if (!covered.contains(migration.name)) newer.push_back(migration.name);
  }
  return newer;
}

// Reads everything again and verifies every byte of the package. Ignores the URL.
ServedProject LoadProjectFor(const project::Invocation& invocation, const TargetSpec& spec) {
  ServedProject loaded;
  project::Invocation of_target = invocation;
  if (!spec.project.empty()) of_target.project = spec.project;
  Status done =
      project::LoadWithIntent(of_target, {}, {spec.strategy, spec.branch}, loaded, loaded.chosen);
  if (done) return loaded;
  loaded.journal_only = workspace::FoundNothing(done.error());
  loaded.error = std::move(done).error();
  if (!loaded.journal_only) return loaded;
  loaded.context = project::ContextWithoutProject(of_target);
  loaded.error->message =
      "there is no project to compare the database with: only the runs in its journal are shown";
  return loaded;
}

}  // namespace

PackageState PackageStateOf(const ServedProject& loaded, const std::string& project) {
  PackageState state;
  state.project = project;
  state.looked_at = Clock::now();
  if (!loaded.context) {
    state.error = loaded.error;
    return state;
  }
  const project::Artifacts& artifacts = loaded.artifacts;
  state.project_label = project::NameOf(*loaded.context);
  state.folder = loaded.context->project.package.lexically_proximate(loaded.context->project.root);
  state.absolute_folder = loaded.context->project.package.string();
  state.present = artifacts.package.has_value() || artifacts.package_error.has_value();
  state.error = artifacts.package_error ? artifacts.package_error : artifacts.seal_error;
  // A package that the strategy asks for, and that does not exist.
  if (!state.error && !artifacts.package && !loaded.intent) state.error = loaded.error;
  state.sealed_by = artifacts.sealed_by;
  state.unproven = artifacts.unproven;
  if (!artifacts.package) return state;
  const release::Manifest& manifest = artifacts.package->manifest;
  state.version = manifest.version;
  state.generated_at = manifest.generated_at;
  state.baseline_includes_up_to = manifest.baseline_includes_up_to;
  state.fingerprint = manifest.fingerprint.catalog;
  state.tool = manifest.tool;
  state.commit = manifest.source.commit;
  state.migration_count = manifest.migration_count;
  state.baseline_lines = manifest.baseline_lines;
  state.files = artifacts.package->files.size();
  state.proven_on = manifest.proof.servers;
  state.compared = manifest.proof.compared;
  for (const auto& hotfix : artifacts.package->Hotfixes()) state.hotfixes.push_back(hotfix.name);
  state.newer_migrations = NewerMigrations(loaded, manifest);
  AddPaths(manifest, state);
  AddKnownReleases(loaded.known, state);
  return state;
}

ServedProject& ProjectCache::Of(const TargetSpec& spec, bool* fresh) {
  const auto now = std::chrono::steady_clock::now();
  const std::string key = spec.project + '\n' + spec.strategy + '\n' + spec.branch;
  const auto found = kept_.find(key);
  *fresh = found == kept_.end() || now - found->second.read_at >= age_;
  if (*fresh) {
    ServedProject& loaded = (kept_[key] = {now, LoadProjectFor(invocation_, spec)}).loaded;
    if (loaded.context && loaded.artifacts.package) {
      loaded.known = releases_.Of(*loaded.context, spec.project);
    }
  }
  return kept_[key].loaded;
}

ProjectCaches::Cache ProjectCaches::Take() {
  const std::scoped_lock lock(mutex_);
  Cache cache{changes_, nullptr};
  if (free_.empty()) {
    cache.projects = std::make_unique<ProjectCache>(invocation_, releases_, age_);
    return cache;
  }
  std::swap(cache, free_.back());
  free_.pop_back();
  if (std::exchange(cache.changes, changes_) != changes_) cache.projects->Forget();
  return cache;
}

void ProjectCaches::Lend(const TargetSpec& spec,
                         const std::function<void(ServedProject&, bool fresh)>& use) {
  Cache cache = Take();
  bool fresh = false;
  ServedProject& loaded = cache.projects->Of(spec, &fresh);
  use(loaded, fresh);
  const std::scoped_lock lock(mutex_);
  free_.push_back(std::move(cache));
}

void ProjectCaches::Forget() {
  const std::scoped_lock lock(mutex_);
  ++changes_;
}

}  // namespace ballast::serve
