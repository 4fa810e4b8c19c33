// SPDX-License-Identifier: Apache-2.0
#include "commands/release_version.h"

#include <fmt/format.h>

#include <optional>

#include "base/shell_word.h"
#include "plan/strategy.h"
#include "project/project_context.h"
#include "project/project_name.h"
#include "workspace/git.h"
#include "workspace/package_store.h"

namespace ballast::commands {
namespace {

// The version in a tag of the checked-out commit.
std::string VersionOfTag(const project::ProjectContext& context) {
  const auto git = workspace::ReadGitState(context.project.root, {});
  std::vector<std::string> patterns = context.project.config.release_branches;
  patterns.emplace_back("v*");
  const auto refs = workspace::ListGitRefs(context.project.root, patterns);
  if (!git || !refs || git->commit.empty()) return {};
  for (const workspace::GitRef& ref : *refs) {
    if (ref.commit != git->commit || !ref.full.starts_with("refs/tags/")) continue;
    const auto name = plan::ReadReleaseName(ref.name, patterns);
    if (name && name->version && !name->LacksVersion()) return *name->version;
  }
  return {};
}

// How the release gets a branch of its own.
std::string OwnBranch(const project::ProjectContext& context, const std::string& version,
                      const std::string& pattern) {
  const std::string main = workspace::DefaultBranch(context.project.root).name;
  const bool is_release =
      plan::ReadReleaseName(main, context.project.config.release_branches).has_value();
  return fmt::format(
      "create it on a separate branch: git checkout -b {}{} && ballast release create",
      ShellWord(plan::BranchOfRelease(version, pattern)), is_release ? "" : " " + ShellWord(main));
}

Error NoVersion(const std::string& problem, std::string remedy) {
  return MakeError(ErrorCode::kUsageError, "no version was given, and " + problem,
                   std::move(remedy));
}

Result<std::string> DefaultVersion(const project::ProjectContext& context,
                                   const std::string& branch,
                                   const std::optional<plan::ReleaseName>& name, bool check) {
  if (name && name->version) {
    if (!name->LacksVersion()) return *name->version;
    return NoVersion(plan::WithoutVersion(branch, *name),
                     OwnBranch(context, "VERSION", name->pattern));
  }
  if (check) {
    const auto package = workspace::LoadPackage(context.project.package);
    if (package) return release::SplitHotfixes(package->manifest.version).base;
    if (package.error().code != ErrorCode::kPackageMissing) return package.error();
  }
  std::string of_tag = VersionOfTag(context);
  if (!of_tag.empty()) return of_tag;
  return NoVersion("no release branch or tag is checked out",
                   "name it: ballast release create VERSION");
}

// A deploy from the branch would refuse the package, and the release of the branch would be lost.
Status CheckBranch(const project::ProjectContext& context, const std::string& branch,
                   const std::optional<plan::ReleaseName>& name, const std::string& version) {
  if (!name || !name->version || plan::SameRelease(*name->version, version)) return {};
  return MakeError(ErrorCode::kVersionMismatch,
                   name->LacksVersion() ? plan::WithoutVersion(branch, *name)
                                        : fmt::format("branch {} is for version {}, not {}", branch,
                                                      *name->version, version),
                   OwnBranch(context, version, name->pattern));
}

Status CheckVersion(const std::string& version) {
  if (release::IsVersion(version) && release::SplitHotfixes(version).hotfixes == 0) return {};
  return MakeError(ErrorCode::kUsageError,
                   fmt::format("\"{}\" is not a version: use 1 to 64 of A-Z a-z 0-9 . _ + -, not "
                               "beginning with a dot, and no \"+hotfix.N\"",
                               version),
                   "pass one: ballast release create v4.0.0");
}

}  // namespace

Result<proof::CreateOptions> WithVersion(const proof::CreateOptions& options,
                                         const project::Invocation& invocation,
                                         std::string* project) {
  proof::CreateOptions with = options;
  with.replace = options.replace && !options.check;
  if (!with.version.empty()) TRY(CheckVersion(with.version));
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  *project = project::NameOf(context);
  const std::string branch = project::BranchOf(context, {}).name;
  const auto name = plan::ReadReleaseName(branch, context.project.config.release_branches);
  if (with.version.empty()) {
    TRY_ASSIGN(with.version, DefaultVersion(context, branch, name, options.check));
    TRY(CheckVersion(with.version));
  }
  // A package elsewhere does not replace that of the branch.
  const bool replaces = !with.check && !context.has_option_package;
  if (replaces) TRY(CheckBranch(context, branch, name, with.version));
  return with;
}

}  // namespace ballast::commands
