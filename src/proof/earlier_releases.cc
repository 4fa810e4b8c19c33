// SPDX-License-Identifier: Apache-2.0
#include "proof/earlier_releases.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/text.h"
#include "catalog/known_states.h"
#include "plan/strategy.h"
#include "project/known_packages.h"
#include "project/package_ownership.h"
#include "release/coverage.h"
#include "workspace/package_store.h"
#include "workspace/squash_store.h"

namespace ballast::proof {
namespace {

namespace fs = std::filesystem;

// The folder of the package that a path means: itself, its release-migrations, or its manifest.
fs::path PackageFolderOf(const fs::path& directory, const std::string& path) {
  fs::path folder = (directory / path).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  if (folder.filename() == "manifest.json") folder = folder.parent_path();
  if (folder.filename() == release::kMigrationsPath) folder = folder.parent_path();
  return folder;
}

std::string KeyOf(const release::PreviousRelease& record) {
  std::string key = record.baseline_checksum;
  for (const release::CoveredMigration& hotfix : record.hotfixes) {
    key += "\n" + hotfix.name + "\t" + hotfix.checksum;
  }
  return key;
}

std::vector<std::string> NotIn(const release::Coverage& a, const release::Coverage& b) {
  const std::set<std::string_view> names = release::CoveredNames(b);
  std::vector<std::string> missing;
  for (const release::CoveredMigration& covered : a) {
    if (!names.contains(covered.name)) missing.push_back(covered.name);
  }
  return missing;
}

// That state in the `previous` of the package; null if the package does not have its snapshot.
catalog::SharedSnapshot StateIn(const release::Package& package, const std::string& fingerprint) {
  const auto base = package.files.find(release::kSnapshotPath);
  const auto text = package.files.find(release::kStatesPath);
  if (base == package.files.end() || text == package.files.end()) return nullptr;
  const auto snapshot = catalog::ParseSnapshot(base->second, base->first);
  if (!snapshot) return nullptr;
  auto states = catalog::ParseStates(*snapshot, text->second, text->first);
  if (!states) return nullptr;
  for (catalog::KnownState& state : *states) {
    if (state.fingerprint != fingerprint) continue;
    return std::make_shared<const catalog::Snapshot>(std::move(state.snapshot));
  }
  return nullptr;
}

catalog::SharedSnapshot SnapshotIn(const release::Package& package, const char* path) {
  const auto file = package.files.find(path);
  if (file == package.files.end()) return nullptr;
  auto snapshot = catalog::ParseSnapshot(file->second, path);
  if (!snapshot) return nullptr;
  return std::make_shared<const catalog::Snapshot>(*std::move(snapshot));
}

enum class Place { kNamed, kFolder, kGit };  // --from-release, the package folder, a tag or branch

class Collector {
 public:
  Collector(const project::ProjectContext& context, const EarlierQuestion& question)
      : context_(context), question_(question), view_(project::ProjectViewOf(context)) {}

  Result<EarlierReleases> Collect() {
    TRY_ASSIGN(squash_, workspace::LoadSquash(context_.project.migrations));
    for (const std::string& path : question_.from) {
      const fs::path folder = PackageFolderOf(context_.project.directory, path);
      TRY_ASSIGN(const release::Package package, workspace::LoadPackage(folder));
      TRY(release::VerifyPackage(package, nullptr));
      Add(package, "--from-release " + path, Place::kNamed);
    }
    AddFolder();
    AddRefs();
    for (EarlierRelease& state : remembered_) AddState(std::move(state));
    return Sorted();
  }

 private:
  void AddFolder() {
    const Result<release::Package> package = workspace::LoadPackage(context_.project.package);
    if (package) AddIfWhole(*package, "the package folder", Place::kFolder);
  }

  void AddRefs() {
    const auto found =
        workspace::ListPackages(context_.project.package, project::ReleaseRefGlobs(context_));
    if (!found) {
      result_.notices.push_back("releases in git were ignored: " + found.error().message);
      return;
    }
    for (const workspace::PackageAtRef& at : *found) {
      if (at.package) AddIfWhole(*at.package, project::PlaceOf(at.ref), Place::kGit);
      if (at.problem) {
        result_.notices.push_back(fmt::format("the package of {} was skipped: {}",
                                              project::PlaceOf(at.ref), at.problem->message));
      }
    }
  }

  void AddIfWhole(const release::Package& package, const std::string& origin, Place place) {
    const Status whole = release::VerifyPackage(package, nullptr);
    if (whole) {
      Add(package, origin, place);
    } else {
      result_.notices.push_back(
          fmt::format("the package of {} was skipped: {}", origin, whole.error().message));
    }
  }

  void Add(const release::Package& package, const std::string& origin, Place place) {
    const release::Manifest& manifest = package.manifest;
    const bool named = place == Place::kNamed;
    if (!named && IsForeign(manifest)) return;
    for (const release::PreviousRelease& record : manifest.previous) {
      // A later release lists this version, too.
      if (plan::SameRelease(record.version, question_.version)) continue;
      // What a squash has replaced cannot be replayed from this history.
      if (squash_ && !NotIn(record.coverage, question_.coverage).empty()) continue;
      EarlierRelease state{fmt::format("the manifest of {}", manifest.version), record, {}, {}};
      state.vocabulary = manifest.fingerprint.scope.vocabulary;
      state.proven = StateIn(package, record.fingerprint);
      if (state.proven) state.asked = catalog::EverythingAnd(*state.proven);
      remembered_.push_back(std::move(state));
    }
    if (plan::SameRelease(manifest.version, question_.version)) {
      if (place == Place::kGit) result_.same_version.push_back({origin, manifest});
      return;
    }
    const std::vector<std::string> foreign = NotKnown(manifest.coverage);
    if (CoversSquashedInPart(manifest.coverage)) {
      result_.notices.push_back(fmt::format(
          "{} ({}) has only a part of what {} replaces: its databases need the last release before "
          "the squash first",
          manifest.version, origin, squash_->record.name));
      return;
    }
    if (!foreign.empty() && !named) {
      result_.notices.push_back(fmt::format(
          "{} ({}) is not an earlier release: this history lacks {} of it ({})", manifest.version,
          origin, Counted(foreign.size(), "migration"), JoinSome(foreign)));
      return;
    }
    AddStates(package, origin);
  }

  // Migrations that neither this history nor its squash has.
  std::vector<std::string> NotKnown(const release::Coverage& coverage) const {
    release::Coverage known = question_.coverage;
    if (squash_) {
      const release::Coverage& replaced = squash_->record.baseline.coverage;
      known.insert(known.end(), replaced.begin(), replaced.end());
      for (const auto& earlier : squash_->record.earlier) known.push_back({earlier.name, {}});
    }
    std::vector<std::string> unknown = NotIn(coverage, known);
    std::erase_if(unknown, [&](const std::string& name) { return IsRenamed(name, coverage); });
    return unknown;
  }

  // Whether this history has the script of the migration, under a name that `coverage` lacks.
  bool IsRenamed(const std::string& name, const release::Coverage& coverage) const {
    const auto script = std::ranges::find(coverage, name, &release::CoveredMigration::name);
    return std::ranges::any_of(question_.coverage, [&](const auto& here) {
      return here.checksum == script->checksum && !release::Covers(coverage, here.name);
    });
  }

  // What the squash replaces and these migrations lack.
  std::vector<std::string> LackOfSquash(const release::Coverage& coverage) const {
    if (!squash_) return {};
    release::Coverage there = coverage;
    for (const release::EarlierSquash& earlier : squash_->record.earlier) {
      if (!release::Covers(coverage, earlier.name)) continue;
      for (const std::string& name : earlier.covers) there.push_back({name, {}});
    }
    return NotIn(squash_->record.baseline.coverage, there);
  }

  bool CoversSquashedInPart(const release::Coverage& coverage) const {
    if (!squash_ || release::Covers(coverage, squash_->record.name)) return false;
    return !LackOfSquash(coverage).empty();
  }

  // Whether it belongs to another project of the repository. After a squash the project's own
  // releases cover other migrations, so the record decides if there is one.
  bool IsForeign(const release::Manifest& manifest) const {
    switch (release::OwnershipOf(manifest, view_)) {
      case release::Ownership::kOwn:
        return false;
      case release::Ownership::kOther:
        return true;
      case release::Ownership::kUnrelated:
        return manifest.project.schema != view_.identity.schema;
    }
    return true;
  }

  // One state for each number of hotfixes that a database can have.
  void AddStates(const release::Package& package, const std::string& origin) {
    const std::vector<release::Migration> hotfixes = package.Hotfixes();
    const catalog::SharedSnapshot proven = SnapshotIn(package, release::kSnapshotPath);
    const catalog::SharedSnapshot fixed = SnapshotIn(package, release::kHotfixSnapshotPath);
    for (size_t count = 0; count <= hotfixes.size(); ++count) {
      const auto end = hotfixes.begin() + static_cast<long>(count);
      EarlierRelease state{origin, {}, package.Baseline(), {hotfixes.begin(), end}};
      state.vocabulary = package.manifest.fingerprint.scope.vocabulary;
      state.asked = catalog::EverythingAnd(package.manifest.fingerprint.scope);
      if (proven) state.dated = catalog::DatedPartitionsOf(*proven);
      if (fixed && count > 0) state.dated.Add(catalog::DatedPartitionsOf(*fixed));
      state.record.version = release::VersionWithHotfixes(package.manifest.version, count);
      state.record.baseline_checksum = package.manifest.baseline_checksum;
      if (count == 0) {
        state.record.fingerprint = package.manifest.fingerprint.catalog;
        state.proven = proven;
      }
      state.record.coverage = package.manifest.coverage;
      state.record.hotfixes = release::CoverageOf(state.hotfixes);
      const bool before_squash =
          squash_ && !release::Covers(package.manifest.coverage, squash_->record.name);
      if (before_squash) state.record.replaces = {squash_->record.name};
      AddState(std::move(state));
    }
  }

  void AddState(EarlierRelease state) {
    if (seen_.insert(KeyOf(state.record)).second) result_.releases.push_back(std::move(state));
  }

  EarlierReleases Sorted() {
    std::sort(result_.releases.begin(), result_.releases.end(), [](const auto& a, const auto& b) {
      const auto key = [](const EarlierRelease& r) {
        return std::make_tuple(r.record.coverage.size(), r.record.version, KeyOf(r.record));
      };
      return key(a) < key(b);
    });
    std::sort(result_.notices.begin(), result_.notices.end());
    return std::move(result_);
  }

  const project::ProjectContext& context_;
  const EarlierQuestion& question_;
  release::ProjectView view_;
  std::optional<workspace::StoredSquash> squash_;
  EarlierReleases result_;
  std::vector<EarlierRelease> remembered_;
  std::set<std::string> seen_;
};

}  // namespace

Result<EarlierReleases> FindEarlierReleases(const project::ProjectContext& context,
                                            const EarlierQuestion& question) {
  return Collector(context, question).Collect();
}

std::vector<std::string> LateMerges(const release::Coverage& coverage,
                                    const release::Coverage& earlier) {
  std::vector<std::string> late = NotIn(coverage, earlier);
  if (late.empty() || earlier.empty()) return {};
  const auto last = std::max_element(
      earlier.begin(), earlier.end(),
      [](const auto& a, const auto& b) { return release::PrismaOrder(a.name, b.name); });
  std::erase_if(late,
                [&](const std::string& name) { return !release::PrismaOrder(name, last->name); });
  return late;
}

std::vector<std::string> EditedSince(const release::Coverage& coverage,
                                     const release::Coverage& earlier) {
  std::map<std::string_view, std::string_view> checksums;
  for (const release::CoveredMigration& covered : coverage) {
    checksums.emplace(covered.name, covered.checksum);
  }
  std::vector<std::string> edited;
  for (const release::CoveredMigration& covered : earlier) {
    const auto now = checksums.find(covered.name);
    if (now != checksums.end() && now->second != covered.checksum) edited.push_back(covered.name);
  }
  return edited;
}

}  // namespace ballast::proof
