// SPDX-License-Identifier: Apache-2.0
#include "commands/release_store.h"

#include <fmt/format.h>

#include <set>

#include "base/shell_word.h"
#include "base/text.h"
#include "catalog/snapshot.h"
#include "plan/strategy.h"
#include "release/consistency.h"
#include "release/coverage.h"
#include "release/staleness.h"
#include "workspace/replace_entries.h"

namespace ballast::commands {
namespace {

// The line of a Prisma configuration that has the URL; empty if there is none.
std::string UrlLine(const std::string& config) {
  for (const std::string& line : Split(config, '\n')) {
    if (Trim(line).starts_with("datasource:")) return line;
  }
  return {};
}

// Whether the package's Prisma configuration takes the URL from the same variables as the project.
// Packages of early versions do not name them.
bool HasUrlVariables(const release::Package& package, const workspace::Project& project) {
  const auto config = package.files.find(release::kPrismaConfigPath);
  const std::string stored =
      config == package.files.end() ? std::string() : UrlLine(config->second);
  return stored.empty() || stored == UrlLine(release::RenderPrismaConfig(project.UrlVariables()));
}

// Whether two manifests are equal apart from time, commit and command.
bool SameContent(release::Manifest a, const release::Manifest& b) {
  a.generated_at = b.generated_at;
  a.source = b.source;
  a.generation_command = b.generation_command;
  a.inputs_digest = b.inputs_digest;
  a.manifest_digest = b.manifest_digest;
  return a == b;
}

// The releases from which the new package has an upgrade path and the old one has none.
std::vector<std::string> MissingPaths(const release::Manifest& old, const release::Manifest& made) {
  std::set<std::string_view> there;
  for (const release::PreviousRelease& previous : old.previous) there.insert(previous.version);
  std::vector<std::string> missing;
  for (const release::PreviousRelease& previous : made.previous) {
    if (!there.contains(previous.version)) missing.push_back(previous.version);
  }
  return missing;
}

// What made the two manifests different, apart from the migrations.
void AddCauses(const release::Manifest& old, const release::Manifest& made, Error& error) {
  for (const std::string& version : MissingPaths(old, made)) {
    error.details.emplace_back("detail", "it lacks the upgrade path from " + version);
  }
  if (old.proof.servers != made.proof.servers) {
    error.details.emplace_back(
        "detail", fmt::format("it was proven on PostgreSQL {}, and now on PostgreSQL {}",
                              Join(old.proof.servers, ", "), Join(made.proof.servers, ", ")));
  }
  if (old.tool != made.tool) {
    error.details.emplace_back(
        "detail", fmt::format("it was created by {}, and now by {}", old.tool, made.tool));
  }
}

Error StaleVersion(const release::Manifest& old) {
  return MakeError(
      ErrorCode::kPackageStale,
      fmt::format("the package of {} is stale: created now, it would differ", old.version),
      "create the package of a new version: ballast release create VERSION");
}

// `place`: of the existing package, if it is not the package folder.
Error VersionExists(const release::Manifest& old, const std::string& place) {
  return MakeError(
      ErrorCode::kVersionExists,
      fmt::format("release {} already exists{}, with different content; a package is immutable",
                  old.version, place.empty() ? "" : " (" + place + ")"),
      "use a new version for the new content, or --replace if nobody has deployed the old one");
}

void AddMigrations(const std::vector<std::string>& names, std::string_view what, Error& error) {
  if (!names.empty())
    error.details.emplace_back("detail", fmt::format("{}{}", what, JoinSome(names)));
}

Error WithCauses(const release::Manifest& old, const release::Manifest& made, Error error) {
  AddCauses(old, made, error);
  for (const auto& [path, checksum] : made.files) {
    const auto before = old.files.find(path);
    if (before == old.files.end() || before->second != checksum) {
      error.details.emplace_back("file", path + " differs");
    }
  }
  return error;
}

// A rollback that the replaced package had, and that this one lacks.
void NoteLostRollbacks(const release::Manifest& old, const release::Manifest& made,
                       CreateReport& report) {
  for (const release::Rollback& had : old.rollbacks) {
    const release::Rollback* now = release::RollbackTo(made, had.version);
    const bool lost = had.reason.empty() && (now == nullptr || !now->reason.empty());
    if (!lost) continue;
    const bool by_hand = now != nullptr && now->origin == release::RollbackOrigin::kScript;
    report.notices.push_back(fmt::format(
        "the package that this one replaces had a rollback to {}, and this one has none{}",
        had.version,
        by_hand ? fmt::format(": correct {0}, or delete it for a generated one, then: ballast "
                              "release create {1} --replace",
                              release::RollbackPath(had.version), ShellWord(made.version))
                : std::string()));
  }
}

// The existing package if it is equivalent; one that cannot be read can only be replaced.
Result<std::optional<release::Package>> UnchangedPackage(const proof::CreateOptions& options,
                                                         const project::ProjectContext& context,
                                                         const release::Package& package,
                                                         CreateReport& report) {
  Result<project::Artifacts> artifacts = project::LoadArtifacts(context);
  if (artifacts && artifacts->package_error && !options.replace &&
      !artifacts->package_error->Detail(release::kEditedDetail).empty()) {
    return *artifacts->package_error;  // its content is not known
  }
  if (!artifacts || !artifacts->package) return std::optional<release::Package>();
  const release::Manifest& old = artifacts->package->manifest;
  if (options.replace && plan::SameRelease(old.version, package.manifest.version)) {
    NoteLostRollbacks(old, package.manifest, report);
  }
  if (!options.replace && SameContent(old, package.manifest)) {
    if (!artifacts->package_error) return std::move(artifacts->package);
    report.notices.push_back("the existing files did not match their manifest (" +
                             artifacts->package_error->message + "); they are created again");
    return std::optional<release::Package>();
  }
  if (plan::SameRelease(old.version, package.manifest.version) && !options.replace) {
    if (options.check) {
      report.staleness.emplace();
      report.staleness->content = true;
      report.staleness->missing_paths = MissingPaths(old, package.manifest);
    }
    return WithCauses(old, package.manifest,
                      options.check ? StaleVersion(old) : VersionExists(old, {}));
  }
  if (artifacts->seal && options.sign_key.empty()) {
    report.notices.push_back(fmt::format(
        "the previous package was signed by key {}; this one has no signature (--sign-key FILE)",
        artifacts->seal->Id()));
  }
  return std::optional<release::Package>();
}

// Whether the releases are the same, apart from hotfixes that `known` has on top.
bool IsSameRelease(const release::Manifest& known, const release::Manifest& made) {
  const bool has_hotfixes = release::SplitHotfixes(known.version).hotfixes > 0;
  return has_hotfixes ? known.baseline_checksum == made.baseline_checksum
                      : SameContent(known, made);
}

// A second release of the same version, next to the one that databases may already have.
Status CheckOtherPlaces(const std::vector<proof::KnownVersion>& known,
                        const release::Manifest& made) {
  for (const proof::KnownVersion& other : known) {
    if (IsSameRelease(other.manifest, made)) continue;
    return WithCauses(other.manifest, made, VersionExists(other.manifest, other.origin));
  }
  return {};
}

// Seals the package; returns whether its bytes changed.
bool Seal(release::Package& package, const std::optional<release::SecretKey>& key,
          CreateReport& report) {
  if (!key) return false;
  const std::string before = package.files[release::kSealPath];
  release::SealPackage(&package, *key);
  report.sealed_by = key->Public().Id();
  return package.files[release::kSealPath] != before;
}

bool HasFingerprint(const std::string& snapshot, const std::string& fingerprint) {
  const auto parsed = catalog::ParseSnapshot(snapshot, release::kDevelopmentSnapshotPath);
  return parsed && catalog::Fingerprint(*parsed) == fingerprint;
}

void FillFromProof(const release::Proof& proof, CreateReport& report) {
  report.proven = proof.equal;
  report.servers = proof.servers;
  report.notices.insert(report.notices.end(), proof.notices.begin(), proof.notices.end());
}

// The report of a package's making, from its manifest; its upgrade paths were also proven then.
void FillFrom(const release::Package& package, CreateReport& report) {
  const release::Manifest& manifest = package.manifest;
  report.migration_count = manifest.migration_count;
  report.baseline_includes_up_to = manifest.baseline_includes_up_to;
  report.baseline_lines = manifest.baseline_lines;
  report.baseline_bytes = package.Baseline().size();
  report.fingerprint = manifest.fingerprint.catalog;
  FillFromProof(manifest.proof, report);
  report.rollbacks = manifest.rollbacks;
  for (const release::PreviousRelease& previous : manifest.previous) {
    proof::UpgradePathLine path;
    path.version = previous.version;
    path.origin = "the manifest";
    path.proven = true;
    path.replaces = previous.replaces;
    std::set<std::string_view> there = release::CoveredNames(previous.coverage);
    there.merge(release::CoveredNames(previous.hotfixes));
    for (const release::CoveredMigration& covered : manifest.coverage) {
      path.migrations += there.contains(covered.name) ? 0 : 1;
    }
    path.migrations -= static_cast<int>(path.replaces.size());
    report.upgrade_paths.push_back(std::move(path));
  }
}

Error NoPackageToCheck(const project::ProjectContext& context) {
  return MakeError(ErrorCode::kPackageMissing,
                   "there is no release package in " + context.project.package.string(),
                   "create it: ballast release create VERSION");
}

// Whether the schema in the package equals that on disk.
bool HasSchema(const release::Package& package, const std::map<std::string, std::string>& schema) {
  return release::SchemaChecksum(schema) == package.manifest.schema_checksum;
}

release::Staleness StalenessOf(const release::Package& package, const proof::PackageInputs& from) {
  release::Staleness staleness =
      release::CompareWithMigrations(package.manifest.coverage, from.migrations);
  staleness.schema = !HasSchema(package, from.schema);
  staleness.config = !HasUrlVariables(package, from.context.project);
  return staleness;
}

// Whether it is the release with hotfixes on top, which `release create` alone does not make.
bool IsWithHotfixes(const release::Package& package, const proof::PackageInputs& from,
                    const proof::CreateOptions& options) {
  const release::SplitVersion version = release::SplitHotfixes(package.manifest.version);
  return version.hotfixes > 0 && version.base == options.version &&
         !StalenessOf(package, from).Any();
}

// The existing package was verified, so leftovers of killed runs are not needed any more.
Status StoreIfChanged(const project::ProjectContext& context, const release::Package& package,
                      const CreateReport& report) {
  if (report.checked) return {};
  if (report.changed) return workspace::StorePackage(context.project.package, package);
  workspace::RemoveStaleStagingFolders(context.project.package);
  return {};
}

}  // namespace

void RestoreInterrupted(const project::ProjectContext& context, std::vector<std::string>& notices) {
  if (!workspace::RestoreInterruptedPackage(context.project.package)) return;
  notices.push_back(
      "an earlier run was killed while it stored its package: the previous package was restored");
}

std::optional<release::Package> PackageWithInputs(const proof::PackageInputs& from,
                                                  const proof::CreateOptions& options) {
  Result<project::Artifacts> artifacts = project::LoadArtifacts(from.context);
  if (!artifacts || !artifacts->package || artifacts->package_error ||
      !artifacts->unproven.empty()) {
    return std::nullopt;
  }
  const release::Manifest& manifest = artifacts->package->manifest;
  if (!options.replace && IsWithHotfixes(*artifacts->package, from, options)) {
    return std::move(artifacts->package);
  }
  const std::string inputs = proof::InputsDigestText(from, options, manifest.baseline_checksum);
  if (manifest.inputs_digest != release::BindInputs(inputs, manifest)) return std::nullopt;
  if (!HasUrlVariables(*artifacts->package, from.context.project)) return std::nullopt;
  return std::move(artifacts->package);
}

Status StoreUnchangedPackage(const project::ProjectContext& context, release::Package package,
                             const std::optional<release::SecretKey>& key, CreateReport& report) {
  FillFrom(package, report);
  report.changed = Seal(package, key, report);
  return StoreIfChanged(context, package, report);
}

Status StorePackage(const proof::CreateOptions& options, const proof::PackageInputs& from,
                    release::Package package, const std::optional<release::SecretKey>& key,
                    CreateReport& report) {
  const project::ProjectContext& context = from.context;
  TRY_ASSIGN(std::optional<release::Package> there,
             UnchangedPackage(options, context, package, report));
  if (options.check) return {};  // a different package does not get here
  if (!there && !options.replace) {
    TRY(CheckOtherPlaces(from.earlier.same_version, package.manifest));
  }
  report.changed = !there;
  if (there) package = *std::move(there);
  report.changed = Seal(package, key, report) || report.changed;
  return StoreIfChanged(context, package, report);
}

Status CheckVersionIsFree(const proof::PackageInputs& from, const proof::CreateOptions& options) {
  if (options.replace || options.check) return {};
  const auto check = [&](const release::Manifest& there, const std::string& place) -> Status {
    const release::Staleness changed =
        release::CompareWithMigrations(there.coverage, from.migrations);
    if (!changed.Any()) return {};
    Error error = VersionExists(there, place);
    AddMigrations(changed.added, "it does not cover ", error);
    AddMigrations(changed.edited, "it covers another script of ", error);
    AddMigrations(changed.deleted, "the project lacks ", error);
    return error;
  };
  const auto package = workspace::LoadPackage(from.context.project.package);
  const bool in_folder = package && release::VerifyPackage(*package, nullptr) &&
                         plan::SameRelease(package->manifest.version, options.version);
  if (in_folder) TRY(check(package->manifest, {}));
  for (const proof::KnownVersion& other : from.earlier.same_version) {
    TRY(check(other.manifest, other.origin));
  }
  return {};
}

Result<bool> CheckPackage(const proof::PackageInputs& from, const proof::CreateOptions& options,
                          CreateReport& report) {
  TRY_ASSIGN(const project::Artifacts artifacts, project::LoadArtifacts(from.context));
  if (artifacts.package_error) return *artifacts.package_error;
  if (!artifacts.package) return NoPackageToCheck(from.context);
  const release::Manifest& manifest = artifacts.package->manifest;
  const release::SplitVersion version = release::SplitHotfixes(manifest.version);
  if (version.base != options.version) {
    return MakeError(
        ErrorCode::kPackageStale,
        fmt::format("the package has version {}, not {}", manifest.version, options.version),
        "create it: ballast release create " + options.version);
  }
  const release::Staleness staleness = StalenessOf(*artifacts.package, from);
  if (staleness.Any()) {
    report.staleness = staleness;
    return release::StaleError(ErrorCode::kPackageStale, "the package of " + manifest.version,
                               staleness, from.context.project.ShownMigrations());
  }
  if (version.hotfixes == 0) return false;
  FillFrom(*artifacts.package, report);
  return true;
}

Status CheckBaseline(const proof::PackageInputs& from, CreateReport& report) {
  TRY_ASSIGN(const auto stored, workspace::LoadDevelopmentBaseline(from.context.project.package));
  if (!stored) {
    return MakeError(ErrorCode::kBaselineStale,
                     "there is no development baseline in " + from.context.project.package.string(),
                     "create it: ballast baseline create");
  }
  const release::Staleness staleness =
      release::CompareWithMigrations(stored->record.coverage, from.migrations);
  if (!staleness.Any()) return {};
  report.staleness = staleness;
  return release::StaleError(ErrorCode::kBaselineStale, "the development baseline", staleness,
                             from.context.project.ShownMigrations());
}

std::optional<workspace::StoredBaseline> BaselineWithInputs(const proof::PackageInputs& from,
                                                            const proof::CreateOptions& options) {
  auto there = workspace::LoadDevelopmentBaseline(from.context.project.package);
  if (!there || !*there) return std::nullopt;
  const release::DevelopmentBaseline& record = (*there)->record;
  if (record.inputs_digest !=
          release::BindInputs(proof::InputsDigestText(from, options, {}), record) ||
      !release::VerifyDevelopmentBaseline(record, (*there)->script, from.migrations,
                                          from.context.project.ShownMigrations()) ||
      !HasFingerprint((*there)->snapshot, record.fingerprint.catalog)) {
    return std::nullopt;
  }
  return std::move(**there);
}

void ReportBaseline(const workspace::StoredBaseline& baseline, CreateReport& report) {
  const release::DevelopmentBaseline& record = baseline.record;
  report.migration_count = static_cast<int>(record.coverage.size());
  report.baseline_includes_up_to = record.coverage.back().name;
  report.baseline_lines = release::CountLines(baseline.script);
  report.baseline_bytes = baseline.script.size();
  report.fingerprint = record.fingerprint.catalog;
  FillFromProof(record.proof, report);
}

Status StoreBaseline(const proof::PackageInputs& from, const proof::CreateOptions& options,
                     const workspace::StoredBaseline& baseline, CreateReport& report) {
  const std::filesystem::path& folder = from.context.project.package;
  if (const auto before = BaselineWithInputs(from, options)) {
    release::DevelopmentBaseline same = before->record;
    same.generated_at = baseline.record.generated_at;
    same.source = baseline.record.source;
    same.inputs_digest = baseline.record.inputs_digest;
    if (same == baseline.record && before->script == baseline.script &&
        before->snapshot == baseline.snapshot) {
      return {};
    }
  }
  if (options.check) {
    report.staleness.emplace();
    report.staleness->content = true;
    return MakeError(ErrorCode::kBaselineStale,
                     "the development baseline is stale: making it now would give a different one",
                     "refresh it: ballast baseline create");
  }
  report.changed = true;
  return workspace::StoreDevelopmentBaseline(folder, baseline);
}

}  // namespace ballast::commands
