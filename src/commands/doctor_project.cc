// SPDX-License-Identifier: Apache-2.0
// Examines the project and its package on disk, without a database.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "commands/doctor_internal.h"
#include "project/platform.h"
#include "project/strategy_selection.h"
#include "proof/earlier_releases.h"
#include "proof/expected_schema.h"
#include "release/coverage.h"
#include "release/replaced_bytes.h"
#include "release/staleness.h"
#include "run/uncovered_migrations.h"
#include "workspace/files.h"
#include "workspace/migrations_folder.h"
#include "workspace/squash_store.h"
#include "workspace/suspicious_entries.h"

namespace ballast::commands {
namespace {

using workspace::Suspicion;

struct SuspicionText {
  Suspicion suspicion;
  const char* id;
  CheckStatus status;
  const char* message;
  const char* remedy;
};

constexpr SuspicionText kOddities[] = {
    {Suspicion::kNoScript, "project.folder_without_script", CheckStatus::kFail,
     "a deploy stops at folders without migration.sql (P3015)",
     "delete the folder or restore the file"},
    {Suspicion::kLink, "project.linked_folder", CheckStatus::kWarn,
     "links to folders are ignored, by Prisma, too", "replace the link with the folder"},
    {Suspicion::kLooseScript, "project.loose_script", CheckStatus::kWarn,
     "scripts next to the migration folders never run",
     "move it to TIMESTAMP_NAME/migration.sql, or out of the folder"},
    {Suspicion::kNoTimestamp, "project.name_without_timestamp", CheckStatus::kWarn,
     "names without a 14-digit timestamp run in alphabetical order",
     "name new migrations as prisma migrate dev does; leave applied ones as they are"},
    {Suspicion::kSameTimestamp, "project.same_timestamp", CheckStatus::kWarn,
     "migrations with the same timestamp run in the order of the rest of their names",
     "give each new migration its own timestamp; leave applied ones as they are"}};

void ExamineFolder(const workspace::Project& project, Findings& findings) {
  const auto odd = workspace::FindSuspiciousEntries(project.migrations);
  if (!odd) return findings.Add("project.migrations_folder", CheckStatus::kFail, odd.error());
  if (odd->empty()) return findings.Ok("project.migrations_folder", "every entry is a migration");
  for (const SuspicionText& words : kOddities) {
    std::vector<std::string> names;
    for (const workspace::SuspiciousEntry& entry : *odd) {
      if (entry.suspicion == words.suspicion) names.push_back(entry.name);
    }
    if (names.empty()) continue;
    findings.Add({words.id, words.status, fmt::format("{}: {}", words.message, JoinSome(names)),
                  (project.migrations / names.front()).string(), words.remedy});
  }
}

void ExamineLock(const workspace::Project& project, Findings& findings) {
  const Status lock = workspace::CheckMigrationLock(project.migrations);
  const auto file = project.migrations / "migration_lock.toml";
  if (!lock) {
    findings.Add("project.migration_lock", CheckStatus::kFail, lock.error());
  } else if (!workspace::IsFile(file)) {
    findings.Add({"project.migration_lock", CheckStatus::kWarn,
                  "migration_lock.toml is missing; prisma migrate diff --from-migrations needs it",
                  file.string(), "restore it; it has the line: provider = \"postgresql\""});
  } else {
    findings.Ok("project.migration_lock", "migration_lock.toml names postgresql");
  }
}

void ExamineSchema(const workspace::Project& project, Findings& findings) {
  if (project.schema.empty()) {
    findings.Skip("project.schema", "there is no schema.prisma; the migrations are enough");
  } else if (project.datasource_problem) {
    findings.Add("project.schema", CheckStatus::kFail, *project.datasource_problem);
  } else if (const auto script = proof::SchemaScript(project); !script.ok()) {
    // Earlier versions of Prisma accept some schemas that the newest refuses.
    const bool earlier = project.version && project.version->major < 6;
    findings.Add("project.schema", earlier ? CheckStatus::kWarn : CheckStatus::kFail,
                 script.error());
  } else {
    findings.Ok("project.schema", project.schema.string());
  }
}

// `layout`: where Prisma looks when started with the package's schema.
void ExamineLayout(const workspace::Project& project, const release::Package& package,
                   Findings& findings) {
  std::vector<std::string> missing;
  for (const char* file : {release::kPrismaConfigPath, release::kLockPath}) {
    if (!package.files.contains(file)) missing.push_back(file);
  }
  const auto second_folder = project.package / "migrations";
  if (!missing.empty()) {
    findings.Add({"package.layout", CheckStatus::kFail,
                  fmt::format("Prisma cannot use the package without {}: with --schema alone it "
                              "looks into {} and finds nothing to do",
                              Join(missing, ", "), second_folder.string()),
                  project.package.string(),
                  fmt::format("ballast release create {} --replace", package.manifest.version)});
  } else if (workspace::IsFolder(second_folder)) {
    findings.Add({"package.layout", CheckStatus::kWarn,
                  "prisma --schema reads this folder, not release-migrations",
                  second_folder.string(),
                  "remove it, and start Prisma with --config prisma.release.config.ts"});
  } else {
    findings.Ok("package.layout", "prisma.release.config.ts points Prisma at release-migrations");
  }
}

void ExamineHotfixes(const project::Artifacts& artifacts, Findings& findings) {
  if (artifacts.unproven.empty()) return;
  findings.Add({"package.hotfixes", CheckStatus::kWarn,
                "hotfixes that are not in the manifest, and therefore not proven: " +
                    JoinSome(artifacts.unproven),
                artifacts.unproven.front(), "ballast hotfix seal"});
}

void ExamineSeal(const project::Artifacts& artifacts, Findings& findings) {
  if (artifacts.seal_error) {
    findings.Add("package.seal", CheckStatus::kFail, *artifacts.seal_error);
  } else if (!artifacts.sealed_by.empty()) {
    findings.Ok("package.seal", "signed by key " + artifacts.sealed_by + ", which is trusted");
  } else {
    findings.Skip("package.seal", "no trusted keys are configured, so no signature is required");
  }
}

std::vector<std::string> NamesBeyond(const std::vector<release::Migration>& migrations,
                                     const release::Coverage& coverage) {
  const std::set<std::string_view> covered = release::CoveredNames(coverage);
  std::vector<std::string> beyond;
  for (const release::Migration& migration : migrations) {
    if (!covered.contains(migration.name)) beyond.push_back(migration.name);
  }
  return beyond;
}

// Compares the package with the present migrations: edited, late and new ones.
void ExamineAge(const DoctorContext& doctor, Findings& findings) {
  if (doctor.migrations.empty()) {
    return findings.Skip("package.age", "there are no migrations to compare the package with");
  }
  const release::Manifest& manifest = doctor.artifacts.package->manifest;
  const release::Coverage here = release::CoverageOf(doctor.migrations);
  const std::vector<std::string> edited = proof::EditedSince(here, manifest.coverage);
  if (!edited.empty()) {
    findings.Add({"package.edited_migrations", CheckStatus::kFail,
                  fmt::format("migrations that {} covers have different scripts now, which its "
                              "databases would never get: {}",
                              manifest.version, JoinSome(edited)),
                  (doctor.context.project.migrations / edited.front()).string(),
                  release::RestoreFromGit(edited, doctor.context.project.ShownMigrations()) +
                      ", and put the change into a new migration"});
  }
  const std::vector<std::string> late =
      run::LateMergesIn(doctor.context.project, here, manifest.coverage);
  if (!late.empty()) {
    findings.Add({"package.late_merges", CheckStatus::kWarn,
                  fmt::format("not in {}, and named before its last migration (merged late): {}",
                              manifest.version, JoinSome(late)),
                  (doctor.context.project.migrations / late.front()).string(),
                  "include them in the next release: ballast release create VERSION"});
  }
  const std::vector<std::string> beyond = NamesBeyond(doctor.migrations, manifest.coverage);
  const std::string words =
      fmt::format("{} covers {}; {} of the project {} newer", manifest.version,
                  Counted(manifest.coverage.size(), "migration"), beyond.size(),
                  beyond.size() == 1 ? "is" : "are");
  const bool stale =
      !beyond.empty() && doctor.strategy && doctor.strategy->strategy == plan::Strategy::kRelease;
  if (!stale) return findings.Ok("package.age", words);
  findings.Add({"package.age", CheckStatus::kWarn,
                words + ", and the release strategy does not deploy them: " + JoinSome(beyond),
                (doctor.context.project.migrations / beyond.front()).string(),
                "ballast release create VERSION"});
}

}  // namespace

void ExamineProject(DoctorContext& doctor, Findings& findings) {
  const workspace::Project& project = doctor.context.project;
  ExamineSchema(project, findings);
  for (const std::string& notice : project.notices) {
    findings.Add(
        {"project.configuration", CheckStatus::kWarn, notice, {}, "see docs/configuration.md"});
  }
  // In an image the script may be missing: only commands that replay the migrations need it.
  const auto platform = project::PlatformOf(doctor.context);
  if (!platform && !doctor.artifacts.package) {
    findings.Add("project.configuration", CheckStatus::kWarn, platform.error());
  }
  auto folder = workspace::LoadMigrations(project.migrations);
  if (!folder) return findings.Add("project.migrations", CheckStatus::kFail, folder.error());
  doctor.migrations = std::move(folder->migrations);
  for (const std::string& sentence : release::DescribeReplacedBytes(doctor.migrations)) {
    findings.Add({"project.encoding",
                  CheckStatus::kWarn,
                  sentence,
                  {},
                  "save the file as UTF-8, if no database has the migration yet"});
  }
  if (doctor.migrations.empty() && doctor.artifacts.package) {
    return findings.Skip("project.migrations", "there are no migrations; the package has its own");
  }
  if (doctor.migrations.empty()) {
    return findings.Add("project.migrations", CheckStatus::kFail, project.NoMigrations());
  }
  const Status returned = workspace::CheckReturnedMigrations(
      project.migrations, project.ShownMigrations(), doctor.migrations);
  if (!returned) return findings.Add("project.squash", CheckStatus::kFail, returned.error());
  findings.Ok("project.migrations",
              fmt::format("{} in {}", Counted(doctor.migrations.size(), "migration"),
                          project.migrations.string()));
  ExamineFolder(project, findings);
  ExamineLock(project, findings);
  if (folder->moved_in_byte_order.empty()) return;
  findings.Add({"project.order", CheckStatus::kWarn,
                "Prisma before 6.6 runs these in a different order: " +
                    JoinSome(folder->moved_in_byte_order),
                (project.migrations / folder->moved_in_byte_order.front()).string(),
                "use Prisma 6.6 or later everywhere"});
}

void ExaminePackage(const DoctorContext& doctor, Findings& findings) {
  const project::Artifacts& artifacts = doctor.artifacts;
  const workspace::Project& project = doctor.context.project;
  if (!artifacts.package && workspace::IsFolder(project.package / release::kMigrationsPath)) {
    const Error missing =
        MakeError(ErrorCode::kPackageMissing,
                  fmt::format("the release package lacks {}", artifacts.package_missing),
                  "create it again: ballast release create VERSION", {project.package.string(), 0});
    return findings.Add("package.whole", CheckStatus::kFail,
                        artifacts.package_error ? *artifacts.package_error : missing);
  }
  const Status named = project::CheckNamedPackage(project, artifacts);
  if (!named) return findings.Add("package.whole", CheckStatus::kFail, named.error());
  if (!artifacts.package && !artifacts.package_error) {
    return findings.Add({"package.whole",
                         CheckStatus::kSkipped,
                         "there is no release package in " + project.package.string(),
                         {},
                         "a release has one: ballast release create VERSION"});
  }
  if (artifacts.package_error) {
    findings.Add("package.whole", CheckStatus::kFail, *artifacts.package_error);
  }
  if (!artifacts.package) return;
  if (!artifacts.package_error) {
    findings.Ok("package.whole",
                fmt::format("{}: {} match the manifest", artifacts.package->manifest.version,
                            Counted(artifacts.package->manifest.files.size(), "file")));
    ExamineSeal(artifacts, findings);
  }
  ExamineLayout(project, *artifacts.package, findings);
  ExamineHotfixes(artifacts, findings);
  ExamineAge(doctor, findings);
}

void ExamineBaseline(const DoctorContext& doctor, Findings& findings) {
  const project::Artifacts& artifacts = doctor.artifacts;
  if (!artifacts.baseline && doctor.strategy &&
      doctor.strategy->strategy == plan::Strategy::kRelease) {
    return findings.Skip("package.baseline", "not needed: the release is deployed");
  }
  if (!artifacts.baseline) {
    return findings.Add({"package.baseline",
                         CheckStatus::kSkipped,
                         "there is no development baseline: fresh databases run every migration",
                         {},
                         "ballast baseline create"});
  }
  const Status fits = release::VerifyDevelopmentBaseline(
      *artifacts.baseline, artifacts.baseline_script, doctor.migrations,
      doctor.context.project.ShownMigrations());
  if (!fits) return findings.Add("package.baseline", CheckStatus::kFail, fits.error());
  const std::vector<std::string> beyond =
      NamesBeyond(doctor.migrations, artifacts.baseline->coverage);
  if (beyond.empty()) {
    return findings.Ok("package.baseline",
                       fmt::format("the development baseline covers all migrations ({})",
                                   artifacts.baseline->coverage.size()));
  }
  findings.Add({"package.baseline", CheckStatus::kWarn,
                fmt::format("the development baseline is older than {}, which fresh databases run "
                            "after it: {}",
                            Counted(beyond.size(), "migration"), JoinSome(beyond)),
                (doctor.context.project.package / release::kDevelopmentScriptPath).string(),
                "ballast baseline create"});
}

}  // namespace ballast::commands
