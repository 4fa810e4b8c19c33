// SPDX-License-Identifier: Apache-2.0
#include "commands/release_create.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "apply/named_schema.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "base/version.h"
#include "catalog/known_states.h"
#include "commands/generated_at.h"
#include "commands/release_store.h"
#include "commands/release_version.h"
#include "plan/drift.h"
#include "project/package_ownership.h"
#include "project/project_context.h"
#include "project/project_name.h"
#include "project/trust.h"
#include "proof/expected_schema.h"
#include "proof/package_inputs.h"
#include "proof/proof.h"
#include "proof/upgrade_paths.h"
#include "release/baseline_script.h"
#include "release/consistency.h"
#include "release/package_archives.h"
#include "release/replaced_bytes.h"
#include "run/generation_record.h"
#include "run/run_report.h"
#include "run/uncovered_migrations.h"
#include "workspace/git.h"
#include "workspace/package_store.h"

namespace ballast::commands {
namespace {

std::string NoticeOfSchema(const Error& error) {
  if (error.code != ErrorCode::kSchemaInvalid) {
    return "schema.prisma was not compared: " + error.message;
  }
  std::string message = error.message;
  if (message.ends_with('.')) message.pop_back();
  return fmt::format(
      "schema.prisma is not valid, so it was not compared, and Prisma cannot read its copy in the "
      "package: {} ({}:{}). Correct it, then create the package again",
      message, error.where.file, error.where.line);
}

// Compares schema.prisma with the migrated database. A schema that is not valid is only a notice,
// because a deploy does not need it, and earlier versions of Prisma accept more.
void CompareWithSchema(const workspace::Project& project, const std::string& setup_script,
                       const proof::ProvenBaseline& proven, scratch::ScratchServer& server,
                       CreateReport& report, catalog::Snapshot& schema_only) {
  if (project.schema_files.empty()) return;
  Result<proof::ExpectedSchema> expected =
      proof::ReadExpectedSchema(project, proven.script, setup_script, server);
  if (!expected) {
    report.notices.push_back(NoticeOfSchema(expected.error()));
    return;
  }
  schema_only = std::move(expected->schema_only);
  report.notices.insert(report.notices.end(), expected->notices.begin(), expected->notices.end());
  std::vector<std::string> ignored = project.config.ignore;
  ignored.insert(ignored.end(), expected->refused.begin(), expected->refused.end());
  std::vector<plan::Drift> drifts = plan::CompareSchemaWithHistory(
      expected->snapshot, proven.state.snapshot, ignored, expected->scope);
  plan::RemoveAccepted(project.config.accepted, drifts);
  std::map<plan::DriftKind, int> counts;  // of differences that need an action
  for (const plan::Drift& drift : drifts) {
    if (plan::IsDisagreement(drift)) ++counts[drift.kind];
    report.schema_differences.push_back(std::string(plan::NameOf(drift.kind)) + ": " +
                                        catalog::Describe(drift.difference));
  }
  for (const auto& [kind, count] : counts) {
    report.notices.push_back(
        fmt::format("{} ({}; `ballast schema check` lists them)", plan::TitleOf(kind), count));
  }
}

struct ReleaseDraft {
  proof::PackageInputs from;
  workspace::GitState git;
  std::string generated_at;
  std::optional<proof::ProofServers> servers;
  proof::ProvenBaseline proven;
  catalog::Snapshot schema_only;  // of the schema's DDL alone
};

// The existing baseline of the same migrations, made by this version: its random values are kept.
std::optional<std::string> ExistingScript(const proof::PackageInputs& from,
                                          const proof::CreateOptions& options) {
  const release::Coverage coverage = release::CoverageOf(from.migrations);
  const std::filesystem::path& folder = from.context.project.package;
  if (options.version.empty()) {
    const auto stored = workspace::LoadDevelopmentBaseline(folder);
    if (!stored || !*stored || (*stored)->record.coverage != coverage) return std::nullopt;
    if (release::ChecksumOf((*stored)->script) != (*stored)->record.baseline_checksum) {
      return std::nullopt;
    }
    return release::BodyOfDevelopmentScript((*stored)->script);
  }
  const auto package = workspace::LoadPackage(folder);
  if (!package || !release::VerifyPackage(*package, nullptr)) return std::nullopt;
  const bool same_tool = package->manifest.tool == std::string("ballast ") + kVersion;
  if (!same_tool || package->manifest.coverage != coverage) return std::nullopt;
  return release::BodyOfBaselineScript(package->Baseline());
}

// Starts the scratch servers and proves the baseline on them.
Status StartAndProve(const proof::CreateOptions& options, const project::Invocation& invocation,
                     ReleaseDraft& making) {
  Stopwatch watch;
  TRY_ASSIGN(making.servers, proof::StartProofServers(making.from.scratch, *invocation.progress));
  const double started = watch.Lap();
  const workspace::Project& project = making.from.context.project;
  proof::ProofOptions proof{{making.from.migrations, making.from.setup_script, options.replay_mode,
                             project.ShownMigrations()},
                            static_cast<size_t>(options.max_rows_bytes)};
  proof.existing_script = ExistingScript(making.from, options);
  if (options.from_schema) {
    TRY_ASSIGN(const std::string script, proof::SchemaScript(project));
    proof.given_script = script + "\n";  // Prisma's CLI appends one newline
  }
  TRY_ASSIGN(making.proven, proof::Prove(*making.servers, proof, *invocation.progress));
  making.proven.stages["start_ms"] = started;
  return {};
}

// What packages and development baselines have in common: replay and proof.
Result<ReleaseDraft> Make(proof::PackageInputs from, const proof::CreateOptions& options,
                          const project::Invocation& invocation, CreateReport& report) {
  ReleaseDraft making;
  making.from = std::move(from);
  const workspace::Project& project = making.from.context.project;
  if (!making.from.first_migration.empty()) {
    report.notices.push_back(
        fmt::format("the project had no migrations: {} is written from schema.prisma; databases "
                    "that db push created are recorded with ballast deploy --adopt",
                    making.from.first_migration));
  }
  if (!making.from.moved_in_byte_order.empty()) {
    report.notices.push_back(
        fmt::format("Prisma before 6.6 runs these migrations in a different order: {}",
                    JoinSome(making.from.moved_in_byte_order)));
  }
  const std::vector<std::string> replaced = release::DescribeReplacedBytes(making.from.migrations);
  report.notices.insert(report.notices.end(), replaced.begin(), replaced.end());
  TRY_ASSIGN(making.git,
             workspace::ReadGitState(project.root, {project.migrations, project.schema}));
  TRY_ASSIGN(making.generated_at, GeneratedAt(invocation, making.git));
  TRY(StartAndProve(options, invocation, making));
  if (options.from_schema) {
    making.proven.notices.emplace_back(
        "the baseline is what Prisma prints for schema.prisma; it was proven equal to the "
        "migrations");
  }
  CompareWithSchema(project, making.from.setup_script, making.proven, making.servers->second,
                    report, making.schema_only);
  return making;
}

release::Proof ProofOf(const ReleaseDraft& making) {
  release::Proof proof;
  proof.equal = true;
  proof.servers = {making.proven.server};
  proof.compared = {"catalog", "layout", "rows"};
  proof.migrations_replayed = static_cast<int>(making.from.migrations.size());
  proof.notices = making.proven.notices;
  return proof;
}

release::Source SourceOf(const ReleaseDraft& making) {
  return {making.git.commit, making.git.branch, making.git.dirty};
}

// Reports which servers would be too old, while the migrations can still be changed.
void NoteNeeds(const std::vector<Requirement>& needs, CreateReport& report) {
  int since = 0;
  std::vector<std::pair<std::string, std::vector<std::string>>> users;  // of each feature
  for (const Requirement& needed : needs) {
    since = std::max(since, needed.since);
    const auto known = std::find_if(users.begin(), users.end(),
                                    [&](const auto& user) { return user.first == needed.feature; });
    if (known == users.end()) {
      users.push_back({std::string(needed.feature), {needed.object}});
    } else {
      known->second.push_back(needed.object);
    }
  }
  if (users.empty()) return;
  std::vector<std::string> words;
  words.reserve(users.size());
  for (const auto& [feature, objects] : users) {
    words.push_back(fmt::format("{} of {}", feature, JoinSome(objects)));
  }
  report.remarks.push_back(
      fmt::format("this database needs PostgreSQL {} or newer: {}", since, JoinSome(words)));
}

void Fill(CreateReport& report, const ReleaseDraft& making, const std::string& script) {
  report.migration_count = static_cast<int>(making.from.migrations.size());
  report.baseline_includes_up_to = making.from.migrations.back().name;
  report.baseline_lines = release::CountLines(script);
  report.baseline_bytes = script.size();
  report.fingerprint = making.proven.fingerprint.catalog;
  report.proven = true;
  report.proven_now = true;
  report.servers = {making.proven.server};
  report.stages = making.proven.stages;
  NoteNeeds(making.proven.fingerprint.needs, report);
  report.notices.insert(report.notices.end(), making.proven.notices.begin(),
                        making.proven.notices.end());
}

std::optional<std::string> DatabaseSchemaOf(const ReleaseDraft& making) {
  return apply::NamedSchemaOf(making.from.migrations, making.from.setup_script);
}

release::Package PackageOf(const proof::CreateOptions& options, const ReleaseDraft& making) {
  const proof::ProvenBaseline& proven = making.proven;
  release::Package package;
  package.files = making.from.schema;
  package.files[release::kPrismaConfigPath] =
      release::RenderPrismaConfig(making.from.context.project.UrlVariables());
  const release::Coverage coverage = release::CoverageOf(making.from.migrations);
  package.files[release::kBaselinePath] = release::RenderBaselineScript(coverage, proven.script);
  package.files[release::kHistoryPath] = release::PackHistory(making.from.migrations);
  package.files[release::kSnapshotPath] = catalog::RenderSnapshot(proven.state.snapshot);
  package.files[release::kLockPath] = release::RenderMigrationLock();
  release::Manifest& manifest = package.manifest;
  manifest.version = options.version;
  manifest.generated_at = making.generated_at;
  manifest.schema_checksum = release::SchemaChecksum(making.from.schema);
  manifest.generation_command =
      "ballast release create " + options.version + (options.from_schema ? " --from schema" : "");
  manifest.coverage = coverage;
  manifest.split = proven.split;
  manifest.platform = proven.platform;
  manifest.outside_objects = proven.outside_objects;
  manifest.fingerprint = proven.fingerprint;
  manifest.rows = proven.state.rows;
  manifest.roles = proven.roles;
  manifest.proof = ProofOf(making);
  manifest.source = SourceOf(making);
  manifest.tool = std::string("ballast ") + kVersion;
  manifest.project = project::ProjectViewOf(making.from.context).identity;
  manifest.database_schema = DatabaseSchemaOf(making);
  release::CompletePackage(&package);
  return package;
}

void NoteHistory(const workspace::Project& project, const release::Coverage& coverage,
                 const proof::EarlierReleases& earlier, bool is_shallow, CreateReport& report) {
  report.notices.insert(report.notices.end(), earlier.notices.begin(), earlier.notices.end());
  if (earlier.releases.empty()) {
    if (is_shallow) {
      report.notices.emplace_back(
          "the clone is shallow and has no earlier release, so there is no upgrade path: if there "
          "are releases, run git fetch --unshallow --tags, then this command again");
    }
    return;
  }
  const release::PreviousRelease& last = earlier.releases.back().record;
  const std::vector<std::string> late = run::LateMergesIn(project, coverage, last.coverage);
  if (late.empty()) return;
  report.remarks.push_back(fmt::format("{} named before the last of {} (merged late): {}",
                                       Counted(late.size(), "new migration"), last.version,
                                       JoinSome(late)));
}

void NoteEdited(const proof::UpgradePathLine& path, CreateReport& report) {
  if (path.edited.empty()) return;
  report.remarks.push_back(
      fmt::format("{} that {} covers {} edited since, without effect on its databases ({})",
                  Counted(path.edited.size(), "migration"), path.version,
                  path.edited.size() == 1 ? "was" : "were", JoinSome(path.edited)));
}

std::string Remedy(const proof::UpgradePathLine& path) {
  const std::string otherwise = ", or use --allow-unproven to leave this upgrade path out";
  if (!path.hotfixes.empty()) {
    return fmt::format("the migrations do not have {}: ballast hotfix merge copies {}{}",
                       JoinSome(path.hotfixes), path.hotfixes.size() == 1 ? "it" : "them",
                       otherwise);
  }
  return (path.remedy.empty() ? "fix the migrations in between" : path.remedy) + otherwise;
}

Error NameReusedIn(const proof::UpgradePathLine& path) {
  return MakeError(
      ErrorCode::kNameReused,
      fmt::format("{} already covers migrations with these names but different scripts; existing "
                  "databases would never get the change: {}",
                  path.version, Join(path.edited, ", ")),
      "restore the old scripts and put the change into a migration with a new name");
}

Error NoUpgradePathFrom(const proof::UpgradePathLine& path, const std::string& version) {
  const bool is_sentence = !path.is_compared && path.edited.empty() && path.hotfixes.empty();
  Error error =
      !path.edited.empty() ? NameReusedIn(path)
      : path.is_compared
          ? MakeError(ErrorCode::kNoUpgradePath,
                      fmt::format("databases of {} would not become {}: {}", path.version, version,
                                  Counted(path.differences.size(), "difference")),
                      Remedy(path))
          : MakeError(ErrorCode::kNoUpgradePath,
                      fmt::format("databases of {} cannot be upgraded to {}{}", path.version,
                                  version, is_sentence ? ": " + path.differences.front() : ""),
                      Remedy(path));
  if (is_sentence) return error;
  for (const std::string& difference : path.differences) {
    error.details.emplace_back("object", difference);
  }
  return error;
}

// The known states for databases without rows: the starts of the upgrade paths, and the schema-only
// state if it differs from that of the migrations.
void AddStates(const std::vector<proof::UpgradePath>& paths, const ReleaseDraft& making,
               release::Package& package) {
  const catalog::Snapshot& base = making.proven.state.snapshot;
  std::vector<catalog::KnownState> states;
  for (const proof::UpgradePath& path : paths) {
    if (!path.line.proven) continue;
    states.push_back({path.record.version, path.record.fingerprint, path.snapshot});
  }
  const std::string schema_only = catalog::Fingerprint(making.schema_only);
  if (!making.schema_only.empty() && schema_only != catalog::Fingerprint(base)) {
    states.push_back({release::kSchemaOnlyState, schema_only, making.schema_only});
  }
  if (!states.empty()) {
    package.files[release::kStatesPath] = catalog::RenderStates(base, states);
  }
}

// If several states of one version differ in their hotfixes, the first one has the file.
void AddRollback(const proof::ProvenRollback& rollback, release::Package& package,
                 CreateReport& report) {
  const std::vector<release::Rollback>& known = package.manifest.rollbacks;
  const bool twice = std::any_of(known.begin(), known.end(), [&](const auto& other) {
    return other.version == rollback.record.version;
  });
  if (twice) return;
  package.manifest.rollbacks.push_back(rollback.record);
  report.rollbacks.push_back(rollback.record);
  if (rollback.record.reason.empty()) {
    package.files[rollback.record.path] = rollback.script;
    for (const std::string& sentence : rollback.repeated) {
      report.notices.push_back("rollback to " + rollback.record.version + ": " + sentence);
    }
    for (const std::string& sentence : rollback.refusals) {
      report.notices.push_back("upgrade from " + rollback.record.version + ": " + sentence);
    }
  } else {
    report.notices.push_back(fmt::format("there is no rollback to {}: {}", rollback.record.version,
                                         rollback.record.reason));
  }
}

// Verifies the upgrade paths from all earlier releases; proven ones become part of the manifest.
Status AddUpgradePaths(const proof::CreateOptions& options, ReleaseDraft& making,
                       release::Package& package, Progress& progress, CreateReport& report) {
  Stopwatch watch;
  release::Manifest& manifest = package.manifest;
  const proof::EarlierReleases& earlier = making.from.earlier;
  NoteHistory(making.from.context.project, manifest.coverage, earlier, making.git.shallow, report);
  proof::UpgradePathQuestion question{project::ReleaseIntent(package, {}),
                                      making.proven.state.snapshot, making.from.setup_script,
                                      making.from.rollbacks, making.proven.platform};
  question.release.history = making.from.migrations;
  TRY_ASSIGN(const std::vector<proof::UpgradePath> paths,
             proof::VerifyUpgradePaths(*making.servers, question, earlier.releases, progress));
  std::optional<Error> failed;
  for (const proof::UpgradePath& path : paths) {
    report.upgrade_paths.push_back(path.line);
    if (path.line.proven) {
      NoteEdited(path.line, report);
      manifest.previous.push_back(path.record);
      AddRollback(path.rollback, package, report);
    } else if (options.allow_unproven) {
      report.notices.push_back(
          fmt::format("the upgrade path from {} is not proven and left out: {}", path.line.version,
                      path.line.differences.front()));
    } else if (!failed) {
      failed = NoUpgradePathFrom(path.line, manifest.version);
    }
  }
  report.stages["ways_ms"] = watch.Lap();
  if (failed) return *std::move(failed);
  AddStates(paths, making, package);
  release::CompletePackage(&package);  // the digest also covers the files
  manifest.inputs_digest = release::BindInputs(
      proof::InputsDigestText(making.from, options, manifest.baseline_checksum), manifest);
  release::CompletePackage(&package);
  return {};
}

// The package records its schema by the path from the root of its repository.
bool IsInRepository(const workspace::Project& project) {
  std::error_code failed;
  const std::filesystem::path package = std::filesystem::weakly_canonical(project.package, failed);
  const std::filesystem::path path =
      package.lexically_relative(std::filesystem::weakly_canonical(project.top, failed));
  return !path.empty() && *path.begin() != "..";
}

// The package folder must not contain the package of another project. After a squash the project's
// own package covers other migrations, so a record of the same schema suffices.
Status RefuseForeignPackage(const project::ProjectContext& context) {
  const auto package = workspace::LoadPackage(context.project.package);
  if (!package) return {};
  const release::ProjectView view = project::ProjectViewOf(context);
  const release::Ownership ownership = release::OwnershipOf(package->manifest, view);
  const bool same_schema = IsInRepository(context.project) && !view.identity.schema.empty() &&
                           package->manifest.project.schema == view.identity.schema;
  if (ownership == release::Ownership::kUnrelated && same_schema) return {};
  return release::CheckOwnership(ownership, package->manifest, view,
                                 context.project.package.string());
}

// The same for its development baseline.
Status RefuseForeignBaseline(const project::ProjectContext& context) {
  TRY(RefuseForeignPackage(context));
  const auto there = workspace::LoadDevelopmentBaseline(context.project.package);
  if (!there || !*there) return {};
  return release::CheckBaselineOwner((*there)->record.project, project::ProjectViewOf(context),
                                     context.project.package.string());
}

Status CreateOrCheck(const proof::CreateOptions& options, const project::Invocation& invocation,
                     const std::optional<release::SecretKey>& key, CreateReport& report) {
  TRY_ASSIGN(proof::PackageInputs from, proof::CollectInputs(options, invocation));
  report.folder = from.context.project.package.string();
  report.run.project = NameOf(from.context);
  TRY(RefuseForeignPackage(from.context));
  if (options.check) {
    TRY_ASSIGN(const bool settled, CheckPackage(from, options, report));
    if (settled) return {};
  } else {
    RestoreInterrupted(from.context, report.notices);
  }
  if (!options.force) {
    if (auto there = PackageWithInputs(from, options)) {
      return StoreUnchangedPackage(from.context, *std::move(there), key, report);
    }
  }
  TRY(CheckVersionIsFree(from, options));
  TRY_ASSIGN(ReleaseDraft making, Make(std::move(from), options, invocation, report));
  release::Package package = PackageOf(options, making);
  Fill(report, making, package.Baseline());
  TRY(AddUpgradePaths(options, making, package, *invocation.progress, report));
  return StorePackage(options, making.from, std::move(package), key, report);
}

Status Create(const proof::CreateOptions& given, const project::Invocation& invocation,
              CreateReport& report) {
  report.checked = given.check;
  TRY_ASSIGN(const proof::CreateOptions options,
             WithVersion(given, invocation, &report.run.project));
  report.version = options.version;
  std::optional<release::SecretKey> key;
  if (!options.sign_key.empty() && !options.check) {
    TRY_ASSIGN(key, project::ReadSignKey(invocation, options.sign_key));
  }
  return CreateOrCheck(options, invocation, key, report);
}

workspace::StoredBaseline BaselineOf(const proof::CreateOptions& options,
                                     const ReleaseDraft& making) {
  workspace::StoredBaseline stored;
  release::DevelopmentBaseline& baseline = stored.record;
  baseline.generated_at = making.generated_at;
  baseline.coverage = release::CoverageOf(making.from.migrations);
  baseline.fingerprint = making.proven.fingerprint;
  baseline.rows = making.proven.state.rows;
  baseline.source = SourceOf(making);
  baseline.proof = ProofOf(making);
  baseline.project = project::ProjectViewOf(making.from.context).identity;
  baseline.database_schema = DatabaseSchemaOf(making);
  baseline.outside_objects = making.proven.outside_objects;
  stored.script = release::RenderDevelopmentScript(baseline.coverage, making.proven.script);
  stored.snapshot = catalog::RenderSnapshot(making.proven.state.snapshot);
  baseline.baseline_checksum = release::ChecksumOf(stored.script);
  baseline.inputs_digest =
      release::BindInputs(proof::InputsDigestText(making.from, options, {}), baseline);
  return stored;
}

Status CreateBaseline(const proof::CreateOptions& options, const project::Invocation& invocation,
                      CreateReport& report) {
  report.checked = options.check;
  TRY_ASSIGN(proof::PackageInputs from, proof::CollectInputs(options, invocation));
  report.folder = from.context.project.package.string();
  report.run.project = NameOf(from.context);
  TRY(RefuseForeignBaseline(from.context));
  if (options.check) TRY(CheckBaseline(from, report));
  if (!options.force) {
    if (const auto there = BaselineWithInputs(from, options)) {
      ReportBaseline(*there, report);
      return {};
    }
  }
  TRY_ASSIGN(const ReleaseDraft making, Make(std::move(from), options, invocation, report));
  const workspace::StoredBaseline stored = BaselineOf(options, making);
  Fill(report, making, stored.script);
  return StoreBaseline(making.from, options, stored, report);
}

// Adds the package that a run made or found, and its stages.
void AddToRun(const CreateReport& report, bool succeeded, report::RunReport& run) {
  run.release = report.version;
  for (const char* name : {"start", "replay", "read", "prove", "ways"}) {
    const auto stage = report.stages.find(std::string(name) + "_ms");
    if (stage != report.stages.end()) run.stages.push_back({name, stage->second});
  }
  if (!succeeded) return;
  run.package = {report.migration_count, report.baseline_includes_up_to, report.fingerprint,
                 report.changed};
}

template <class Work>
CreateReport ReportCreate(const char* command, const project::Invocation& invocation,
                          const Work& work) {
  return run::RunCommand<CreateReport>(command, invocation, [&](CreateReport& report) {
    Status done = work(report);
    AddToRun(report, done.ok(), report.run);
    return done;
  });
}

}  // namespace

CreateReport CreateRelease(const proof::CreateOptions& options,
                           const project::Invocation& invocation) {
  CreateReport report = ReportCreate("release create", invocation, [&](CreateReport& report) {
    return Create(options, invocation, report);
  });
  if (report.proven_now && !report.error) run::RememberGeneration(report.folder, report.run);
  return report;
}

CreateReport CreateDevelopmentBaseline(const proof::CreateOptions& options,
                                       const project::Invocation& invocation) {
  return ReportCreate("baseline create", invocation, [&](CreateReport& report) {
    return CreateBaseline(options, invocation, report);
  });
}

}  // namespace ballast::commands
