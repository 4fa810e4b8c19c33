// SPDX-License-Identifier: Apache-2.0
#include "commands/hotfix_merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/nearest_name.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "plan/strategy.h"
#include "project/known_packages.h"
#include "project/project_context.h"
#include "workspace/files.h"
#include "workspace/git.h"
#include "workspace/migrations_folder.h"
#include "workspace/squash_store.h"

namespace ballast::commands {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kReadableByAll = 0644;

struct Hotfix {
  release::Migration migration;
  std::string bytes;  // of its migration.sql
  std::string version;
  std::string place;
};

// Each hotfix once, in Prisma's order.
std::map<std::string, Hotfix> HotfixesOf(const std::vector<project::KnownPackage>& packages) {
  std::map<std::string, Hotfix> hotfixes;
  for (const project::KnownPackage& found : packages) {
    if (!found.package || !found.problem.empty()) continue;
    for (release::Migration& migration : found.package->Hotfixes()) {
      if (!migration.script) continue;
      const std::string name = migration.name;
      const auto file = found.package->files.find(
          fmt::format("{}/{}/migration.sql", release::kMigrationsPath, name));
      if (file == found.package->files.end()) continue;
      hotfixes.try_emplace(name, Hotfix{std::move(migration), file->second,
                                        found.package->manifest.version, found.place});
    }
  }
  return hotfixes;
}

Status ChooseNamed(const std::string& name, std::map<std::string, Hotfix>& hotfixes) {
  std::vector<std::string> names;
  names.reserve(hotfixes.size());
  for (const auto& [known, hotfix] : hotfixes) names.push_back(known);
  if (hotfixes.empty()) {
    return MakeError(ErrorCode::kPackageMissing,
                     "no release package in this folder, its tags or its branches has a hotfix",
                     "list the releases: ballast release list");
  }
  if (name.empty()) return {};
  std::vector<std::string> ending;
  for (const std::string& known : names) {
    if (known == name || known.ends_with("_" + name)) ending.push_back(known);
  }
  if (ending.size() != 1) {
    return MakeError(ErrorCode::kMigrationNotFound,
                     fmt::format("no release has a hotfix {}{}", name, DidYouMean(name, names)),
                     "name one of " + JoinSome(names));
  }
  std::erase_if(hotfixes, [&](const auto& one) { return one.first != ending.front(); });
  return {};
}

// The migrations of a release branch are those that its package covers; the main line gets the
// copy.
Status CheckBranch(const project::ProjectContext& context,
                   const std::map<std::string, Hotfix>& hotfixes) {
  const std::string branch = project::BranchOf(context, {}).name;
  const auto name = plan::ReadReleaseName(branch, context.project.config.release_branches);
  if (!name || !name->version) return {};
  for (const auto& [migration, hotfix] : hotfixes) {
    if (!plan::SameRelease(hotfix.version, *name->version)) continue;
    return MakeError(ErrorCode::kUsageError,
                     fmt::format("branch {} is the release branch itself, and {} belongs in the "
                                 "migrations of the main branch",
                                 branch, migration),
                     fmt::format("git checkout {} && ballast hotfix merge",
                                 ShellWord(workspace::DefaultBranch(context.project.root).name)));
  }
  return {};
}

class Merge {
 public:
  Merge(const HotfixMergeOptions& options, const project::Invocation& invocation,
        HotfixMergeReport& report)
      : options_(options), invocation_(invocation), report_(report) {}

  Status Run() {
    TRY_ASSIGN(context_, project::LoadProject(invocation_));
    TRY_ASSIGN(const std::vector<project::KnownPackage> packages,
               project::KnownPackagesOf(*context_));
    std::map<std::string, Hotfix> hotfixes = HotfixesOf(packages);
    TRY(ChooseNamed(options_.name, hotfixes));
    TRY(CheckBranch(*context_, hotfixes));
    TRY(ReadMigrations());
    for (const auto& [name, hotfix] : hotfixes) TRY(CheckPresent(hotfix));
    for (const auto& [name, hotfix] : hotfixes) {
      if (!there_.contains(name) && !HasItsScript(hotfix)) TRY(Copy(hotfix));
    }
    return {};
  }

 private:
  Status ReadMigrations() {
    TRY_ASSIGN(const workspace::MigrationsFolder folder,
               workspace::LoadMigrations(context_->project.migrations));
    for (const release::Migration& migration : folder.migrations) {
      there_[migration.name] = migration.checksum;
    }
    TRY_ASSIGN(const auto squash, workspace::LoadSquash(context_->project.migrations));
    if (!squash) return {};
    for (const release::CoveredMigration& covered : squash->record.baseline.coverage) {
      there_[covered.name] = covered.checksum;
    }
    return {};
  }

  Status CheckPresent(const Hotfix& hotfix) {
    const auto there = there_.find(hotfix.migration.name);
    if (there == there_.end()) return {};
    if (there->second == hotfix.migration.checksum) {
      report_.present.push_back(hotfix.migration.name);
      return {};
    }
    return MakeError(ErrorCode::kNameReused,
                     fmt::format("the script of {} in the migrations differs from that of {} ({})",
                                 hotfix.migration.name, hotfix.version, hotfix.place),
                     "databases of that release would not get the change: rename the migration",
                     {hotfix.migration.name, 0});
  }

  // Two releases got the same change as hotfixes of different names. A history with both would run
  // it twice; the next release recognizes the one in databases that have the other.
  bool HasItsScript(const Hotfix& hotfix) {
    const auto same = std::find_if(there_.begin(), there_.end(), [&](const auto& migration) {
      return migration.second == hotfix.migration.checksum;
    });
    if (same == there_.end()) return false;
    report_.present.push_back(hotfix.migration.name);
    report_.notices.push_back(fmt::format("{} of {} was not copied: {} has the same script",
                                          hotfix.migration.name, hotfix.version, same->first));
    return true;
  }

  Status Copy(const Hotfix& hotfix) {
    const fs::path folder = context_->project.migrations / hotfix.migration.name;
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) return workspace::CannotWrite(folder, failed.value());
    TRY(workspace::CreateFile(folder / "migration.sql", hotfix.bytes, kReadableByAll));
    there_[hotfix.migration.name] = hotfix.migration.checksum;
    report_.merged.push_back(
        {hotfix.migration.name, hotfix.version, hotfix.place, folder.string()});
    return {};
  }

  const HotfixMergeOptions& options_;
  const project::Invocation& invocation_;
  HotfixMergeReport& report_;
  std::optional<project::ProjectContext> context_;
  std::map<std::string, std::string> there_;  // name → checksum
};

}  // namespace

HotfixMergeReport MergeHotfixes(const HotfixMergeOptions& options,
                                const project::Invocation& invocation) {
  HotfixMergeReport report;
  Status done = Merge(options, invocation, report).Run();
  if (!done) report.error = std::move(done).error();
  return report;
}

}  // namespace ballast::commands
