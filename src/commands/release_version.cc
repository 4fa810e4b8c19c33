// SPDX-License-Identifier: Apache-2.0
#include "commands/release_version.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/text.h"
#include "project/project_context.h"
#include "workspace/git.h"
#include "workspace/package_store.h"

namespace ballast::commands {
namespace {

// "railway-template-v4.0.0" under "railway-template-v*" → "v4.0.0"; empty: not of a release.
std::string VersionIn(const std::string& name, const std::vector<std::string>& patterns) {
  for (const std::string& pattern : patterns) {
    const size_t star = pattern.find('*');
    if (star == std::string::npos || !MatchesGlob(pattern, name)) continue;
    const bool v = star > 0 && pattern[star - 1] == 'v';
    std::string version = name.substr(v ? star - 1 : star);
    if (release::IsVersion(version)) return version;
  }
  return {};
}

// The version in a tag of the checked-out commit.
std::string VersionOfTag(const project::ProjectContext& context, const std::string& commit) {
  std::vector<std::string> patterns = context.project.config.release_branches;
  patterns.emplace_back("v*");
  const auto refs = workspace::ListGitRefs(context.project.root, patterns);
  if (!refs || commit.empty()) return {};
  for (const workspace::GitRef& ref : *refs) {
    if (ref.commit != commit || !ref.full.starts_with("refs/tags/")) continue;
    std::string version = VersionIn(ref.name, patterns);
    if (!version.empty()) return version;
  }
  return {};
}

Result<std::string> DefaultVersion(const project::Invocation& invocation, bool check) {
  TRY_ASSIGN(const project::ProjectContext context, project::LoadProject(invocation));
  const std::vector<std::string>& patterns = context.project.config.release_branches;
  for (const char* name : {"BALLAST_BRANCH", "RAILWAY_GIT_BRANCH"}) {
    const std::string version = VersionIn(invocation.Variable(name), patterns);
    if (!version.empty()) return version;
  }
  TRY_ASSIGN(const workspace::GitState git, workspace::ReadGitState(context.project.root, {}));
  std::string of_branch = VersionIn(git.branch, patterns);
  if (!of_branch.empty()) return of_branch;
  if (check) {
    const auto package = workspace::LoadPackage(context.project.package);
    if (package) return release::SplitHotfixes(package->manifest.version).base;
    if (package.error().code != ErrorCode::kPackageMissing) return package.error();
  }
  return VersionOfTag(context, git.commit);
}

}  // namespace

Result<proof::CreateOptions> WithVersion(const proof::CreateOptions& options,
                                         const project::Invocation& invocation) {
  proof::CreateOptions with = options;
  with.replace = options.replace && !options.check;
  if (with.version.empty()) {
    TRY_ASSIGN(with.version, DefaultVersion(invocation, options.check));
  }
  if (with.version.empty()) {
    return MakeError(ErrorCode::kUsageError,
                     "no version was given, and no release branch or tag is checked out",
                     "name it: ballast release create VERSION");
  }
  const release::SplitVersion split = release::SplitHotfixes(with.version);
  if (!release::IsVersion(with.version) || split.hotfixes > 0) {
    return MakeError(ErrorCode::kUsageError,
                     fmt::format("\"{}\" is not a version: use 1 to 64 of A-Z a-z 0-9 . _ + -, not "
                                 "beginning with a dot, and no \"+hotfix.N\"",
                                 with.version),
                     "give one: ballast release create v4.0.0");
  }
  return with;
}

}  // namespace ballast::commands
