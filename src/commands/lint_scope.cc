// SPDX-License-Identifier: Apache-2.0
#include "commands/lint_scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/nearest_name.h"
#include "base/text.h"
#include "plan/upgrade.h"
#include "postgres/migrations_table.h"
#include "project/known_packages.h"
#include "project/package_ownership.h"
#include "release/coverage.h"
#include "release/package.h"
#include "sql/quote.h"
#include "workspace/git.h"
#include "workspace/migrations_folder.h"
#include "workspace/package_store.h"
#include "workspace/squash_store.h"

namespace ballast::commands {
namespace {

using release::Migration;

class ScopeFinder {
 public:
  ScopeFinder(const project::ProjectContext& context, const project::Invocation& invocation)
      : context_(context), invocation_(invocation) {}

  Result<LintScope> Find(const std::string& since) {
    TRY_ASSIGN(workspace::MigrationsFolder folder,
               workspace::LoadMigrations(context_.project.migrations));
    if (folder.migrations.empty()) {
      return context_.project.NoMigrations();
    }
    scope_.on_disk = std::move(folder.migrations);
    TRY(workspace::CheckReturnedMigrations(context_.project.migrations,
                                           context_.project.ShownMigrations(), scope_.on_disk));
    if (since.empty()) {
      TRY(FindDefault());
    } else {
      TRY(FindNamed(since));
    }
    for (const Migration& migration : scope_.on_disk) {
      if (!IsApplied(migration)) scope_.pending.push_back(migration);
    }
    return std::move(scope_);
  }

 private:
  // By name, or as a hotfix of the release that has the same script.
  bool IsApplied(const Migration& migration) const {
    return std::ranges::any_of(scope_.applied, [&](const release::CoveredMigration& applied) {
      return applied.name == migration.name ||
             (hotfixes_.contains(applied.name) && applied.checksum == migration.checksum);
    });
  }

  Status FindDefault() {
    if (!invocation_.database_url.empty()) return FromDatabase();
    const auto package = workspace::LoadPackage(context_.project.package);
    if (package) {
      TRY(CheckOwner(*package));
      return FromLocalPackage(*package, package->manifest.version);
    }
    const auto baseline = workspace::LoadDevelopmentBaseline(context_.project.package);
    if (baseline && *baseline) {
      FromBaseline(**baseline);
      return {};
    }
    const Status from_head = FromRef("HEAD");
    if (from_head) return {};
    scope_.since = "an empty database";
    scope_.notices.emplace_back(
        "there is no database, package or commit to compare with: every migration counts as "
        "pending (use --since)");
    return {};
  }

  Status FindNamed(const std::string& since) {
    if (FromMigration(since)) return {};
    const auto package = workspace::LoadPackage(context_.project.package);
    if (package) TRY(CheckOwner(*package));
    if (FromRelease(since, package)) return {};
    Status from_ref = FromRef(since);
    if (from_ref) return {};
    if (from_ref.error().Detail(workspace::kUnknownRef).empty()) return from_ref;
    return MakeError(ErrorCode::kUsageError,
                     fmt::format("\"{}\" is not a migration, a release or a git ref{}", since,
                                 DidYouMean(since, KnownNames())),
                     "list them: ls " + context_.project.migrations.string() +
                         ", ballast release list, git branch --all, git tag");
  }

  std::vector<std::string> KnownNames() const {
    std::vector<std::string> names;
    for (const Migration& migration : scope_.on_disk) names.push_back(migration.name);
    const auto refs = workspace::ListGitRefs(context_.project.directory, {"*"});
    if (refs) {
      for (const workspace::GitRef& ref : *refs) names.push_back(ref.name);
    }
    const auto package = workspace::LoadPackage(context_.project.package);
    if (package) {
      names.push_back(package->manifest.version);
      names.push_back(release::SplitHotfixes(package->manifest.version).base);
    }
    return names;
  }

  bool FromMigration(const std::string& since) {
    const auto found = std::find_if(scope_.on_disk.begin(), scope_.on_disk.end(),
                                    [&](const Migration& m) { return m.name == since; });
    if (found == scope_.on_disk.end()) return false;
    scope_.since = "migration " + since;
    scope_.base.assign(scope_.on_disk.begin(), found + 1);
    scope_.applied = release::CoverageOf(scope_.base);
    return true;
  }

  bool FromRelease(const std::string& since, const Result<release::Package>& local) {
    const auto names = [&](const release::Package& package) {
      const std::string& version = package.manifest.version;
      return version == since || release::SplitHotfixes(version).base == since;
    };
    if (local && names(*local)) return FromLocalPackage(*local, since).ok();
    std::vector<std::string> globs = project::ReleaseRefGlobs(context_);
    globs.push_back(since);
    const auto listed = workspace::ListPackages(context_.project.package, globs);
    if (!listed) return false;
    for (const workspace::PackageAtRef& at : *listed) {
      if (at.package && names(*at.package)) return FromPackage(*at.package, since).ok();
    }
    return false;
  }

  // `since`: its version, or that without its hotfixes.
  Status FromLocalPackage(const release::Package& package, const std::string& since) {
    scope_.runs_package = true;
    return FromPackage(package, since);
  }

  // The releases of another project say nothing about these migrations.
  Status CheckOwner(const release::Package& package) const {
    return project::CheckOwnership(context_, package, context_.project.package.string());
  }

  Status FromPackage(const release::Package& package, const std::string& since) {
    TRY(release::VerifyPackage(package, nullptr));
    scope_.since = "release " + since;
    StartFrom(package);
    if (since != package.manifest.version) return {};
    for (const Migration& hotfix : package.Hotfixes()) AddHotfix(hotfix);
    return {};
  }

  void StartFrom(const release::Package& package) {
    scope_.base = {release::MakeMigration(release::kBaselineName, package.Baseline())};
    scope_.applied = package.manifest.coverage;
  }

  void AddHotfix(const Migration& hotfix) {
    scope_.base.push_back(hotfix);
    scope_.applied.push_back({hotfix.name, hotfix.checksum});
    hotfixes_.insert(hotfix.name);
  }

  void FromBaseline(const workspace::StoredBaseline& stored) {
    scope_.since = "the development baseline";
    scope_.base = {release::MakeMigration("baseline", stored.script)};
    scope_.applied = stored.record.coverage;
  }

  Status FromRef(const std::string& ref) {
    using Files = std::map<std::string, std::string>;
    TRY_ASSIGN(const Files files,
               workspace::FilesAt(context_.project.directory, ref, context_.project.migrations));
    constexpr std::string_view kScript = "/migration.sql";
    for (const auto& [path, bytes] : files) {
      if (!path.ends_with(kScript)) continue;
      const std::string name = path.substr(0, path.size() - kScript.size());
      if (name.find('/') == std::string::npos) {
        scope_.base.push_back(release::MakeMigration(name, bytes));
      }
    }
    release::SortMigrations(scope_.base);
    scope_.since = "git ref " + ref;
    scope_.applied = release::CoverageOf(scope_.base);
    return {};
  }

  // The migrations that the database has applied; the same migrations create the state before.
  Status FromDatabase() {
    TRY_ASSIGN(const postgres::Target target, project::TargetOf(context_));
    TRY_ASSIGN(postgres::Session session, postgres::Session::Connect(target));
    const std::string schema = target.SchemaOrPublic();
    const std::string table = postgres::QualifiedMigrationsTable(schema);
    scope_.since = "database " + target.database();
    TRY_ASSIGN(const postgres::Value there, session.QueryValue("SELECT pg_catalog.to_regclass(" +
                                                               sql::QuoteLiteral(table) + ")"));
    if (!there) {
      scope_.notices.emplace_back(
          "the database has no migrations table: every migration counts as pending");
      return {};
    }
    TRY_ASSIGN(const std::vector<postgres::Rows> results,
               session.Query("SELECT migration_name, checksum FROM " + table +
                             " WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL "
                             "ORDER BY started_at"));
    for (const auto& row : results.back().rows) {
      scope_.applied.push_back({row[0].value_or(""), row[1].value_or("")});
    }
    return AddRows();
  }

  // The rows of a release deploy include what the release covers.
  Status AddRows() {
    const auto baseline =
        std::ranges::find(scope_.applied, release::kBaselineName, &release::CoveredMigration::name);
    if (baseline != scope_.applied.end()) {
      const std::string checksum = baseline->checksum;
      const auto package = workspace::LoadPackage(context_.project.package);
      if (!package && package.error().code != ErrorCode::kPackageMissing) return package.error();
      if (package) {
        TRY(CheckOwner(*package));
        TRY(release::VerifyPackage(*package, nullptr));
        scope_.runs_package = checksum == package->manifest.baseline_checksum;
        if (scope_.runs_package) return AddRowsOf(*package);
      }
      const release::PreviousRelease* previous =
          package ? plan::PreviousOf(package->manifest.previous,
                                     release::CoveredNames(scope_.applied), checksum)
                  : nullptr;
      if (previous == nullptr) {
        const auto released = project::PackageInGit(context_, checksum);
        return released ? AddRowsOf(*released->package) : UnknownRelease(package);
      }
      AddRowsOfPrevious(*previous);
    }
    for (const Migration& migration : scope_.on_disk) {
      if (IsApplied(migration)) scope_.base.push_back(migration);
    }
    return {};
  }

  Status AddRowsOf(const release::Package& package) {
    const release::Coverage rows = scope_.applied;
    StartFrom(package);
    for (const Migration& hotfix : package.Hotfixes()) {
      if (release::Covers(rows, hotfix.name)) AddHotfix(hotfix);
    }
    // And migrations that have run since.
    for (const Migration& migration : scope_.on_disk) {
      if (IsApplied(migration) || !release::Covers(rows, migration.name)) continue;
      scope_.base.push_back(migration);
      scope_.applied.push_back({migration.name, migration.checksum});
    }
    return {};
  }

  static Error UnknownRelease(const Result<release::Package>& package) {
    return MakeError(ErrorCode::kUnknownBaseline,
                     fmt::format("the database was deployed from a release that {}, so it is not "
                                 "known which migrations it has",
                                 package ? package->manifest.version + " does not know"
                                         : "no branch or tag of this repository has"),
                     "name the state to start from: ballast lint --since RELEASE");
  }

  // An earlier release, whose migrations are on disk, too.
  void AddRowsOfPrevious(const release::PreviousRelease& previous) {
    for (const release::CoveredMigration& hotfix : previous.hotfixes) hotfixes_.insert(hotfix.name);
    release::Coverage& applied = scope_.applied;
    applied.insert(applied.end(), previous.coverage.begin(), previous.coverage.end());
    for (const std::string& name : previous.replaces) applied.push_back({name, ""});
  }

  const project::ProjectContext& context_;
  const project::Invocation& invocation_;
  LintScope scope_;
  std::set<std::string> hotfixes_;  // among `applied`
};

}  // namespace

Result<LintScope> PendingSince(const std::string& since, const project::ProjectContext& context,
                               const project::Invocation& invocation) {
  return ScopeFinder(context, invocation).Find(since);
}

}  // namespace ballast::commands
