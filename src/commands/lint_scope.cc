// SPDX-License-Identifier: Apache-2.0
#include "commands/lint_scope.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/nearest_name.h"
#include "base/text.h"
#include "postgres/migrations_table.h"
#include "project/package_ownership.h"
#include "release/coverage.h"
#include "release/package.h"
#include "sql/quote.h"
#include "workspace/git.h"
#include "workspace/migrations_folder.h"
#include "workspace/package_store.h"

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
      return MakeError(
          ErrorCode::kNoProject,
          fmt::format("there are no migrations in {}", context_.project.migrations.string()),
          "make one with `prisma migrate dev`");
    }
    scope_.on_disk = std::move(folder.migrations);
    if (since.empty()) {
      TRY(FindDefault());
    } else {
      TRY(FindNamed(since));
    }
    const auto names = release::CoveredNames(scope_.applied);
    for (const Migration& migration : scope_.on_disk) {
      if (!names.contains(migration.name)) scope_.pending.push_back(migration);
    }
    return std::move(scope_);
  }

 private:
  Status FindDefault() {
    if (!invocation_.database_url.empty()) return FromDatabase();
    const auto package = workspace::LoadPackage(context_.project.package);
    if (package) {
      TRY(CheckOwner(*package));
      return FromLocalPackage(*package);
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
    if (package) names.push_back(package->manifest.version);
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
    if (local && local->manifest.version == since) return FromLocalPackage(*local).ok();
    std::vector<std::string> globs = context_.project.config.release_branches;
    globs.insert(globs.end(), {"v*", "railway-template-v*", since});
    const auto listed = workspace::ListPackages(context_.project.package, globs);
    if (!listed) return false;
    for (const workspace::PackageAtRef& at : *listed) {
      if (at.package && at.package->manifest.version == since) return FromPackage(*at.package).ok();
    }
    return false;
  }

  Status FromLocalPackage(const release::Package& package) {
    scope_.runs_package = true;
    return FromPackage(package);
  }

  // The releases of another project say nothing about these migrations.
  Status CheckOwner(const release::Package& package) const {
    return project::CheckOwnership(context_, package, context_.project.package.string());
  }

  Status FromPackage(const release::Package& package) {
    TRY(release::VerifyPackage(package, nullptr));
    scope_.since = "release " + package.manifest.version;
    scope_.base = {release::MakeMigration(release::kBaselineName, package.Baseline())};
    const std::vector<Migration> hotfixes = package.Hotfixes();
    scope_.base.insert(scope_.base.end(), hotfixes.begin(), hotfixes.end());
    scope_.applied = package.manifest.coverage;
    return {};
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

  // The rows of a release deploy include what the package covers.
  Status AddRows() {
    if (release::Covers(scope_.applied, release::kBaselineName)) {
      TRY_ASSIGN(const release::Package package, workspace::LoadPackage(context_.project.package));
      TRY(CheckOwner(package));
      const std::string since = scope_.since;
      TRY(FromLocalPackage(package));
      scope_.since = since;
      return {};
    }
    const auto names = release::CoveredNames(scope_.applied);
    for (const Migration& migration : scope_.on_disk) {
      if (names.contains(migration.name)) scope_.base.push_back(migration);
    }
    return {};
  }

  const project::ProjectContext& context_;
  const project::Invocation& invocation_;
  LintScope scope_;
};

}  // namespace

Result<LintScope> PendingSince(const std::string& since, const project::ProjectContext& context,
                               const project::Invocation& invocation) {
  return ScopeFinder(context, invocation).Find(since);
}

}  // namespace ballast::commands
