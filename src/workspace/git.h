// SPDX-License-Identifier: Apache-2.0
// Git information about a project: branch, commit, and files of other commits. Being outside a
// repository is not an error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace ballast::workspace {

struct GitState {
  bool in_repository = false;
  std::string branch;       // empty: detached
  std::string commit;       // empty: the branch has no commits
  int64_t commit_time = 0;  // seconds since 1970, UTC
  bool dirty = false;       // see ReadGitState
  // The history is cut off, as CI checks it out: branches and tags may be missing.
  bool shallow = false;
};

// `watched`: files and folders that `dirty` refers to (changed, staged, untracked); empty: the
// whole worktree. B106 if there is a repository but it cannot be read, or libgit2 is not installed.
Result<GitState> ReadGitState(const std::filesystem::path& directory,
                              const std::vector<std::filesystem::path>& watched);

struct GitRef {
  std::string name;    // "v4.0.0", "origin/railway-template-v4.0.0"
  std::string full;    // "refs/tags/v4.0.0"
  std::string commit;  // for tags: of the commit they point to

  bool operator==(const GitRef&) const = default;
};

// Tags, branches and remote branches whose short name (for remote ones, also without the remote)
// matches a glob, sorted by full name. Empty outside a repository. B106.
Result<std::vector<GitRef>> ListGitRefs(const std::filesystem::path& directory,
                                        const std::vector<std::string>& globs);

// The branch into which changes are merged: the one that origin/HEAD names; or main, master, trunk
// or develop if there is one; or the branch that is checked out; "main" outside a repository.
struct MergeBranch {
  std::string name;
  bool is_guess = false;  // the branch of a clone that does not know its remote's default
};
MergeBranch DefaultBranch(const std::filesystem::path& directory);

// The files below `folder` (absolute, or relative to `directory`) in `ref`: path from the folder →
// bytes. Links and submodules are omitted. Empty if the ref has no such folder. B106 if there is no
// such ref or no repository (both with the detail kUnknownRef), or for more than 256 MiB.
inline constexpr char kUnknownRef[] = "unknown_ref";
Result<std::map<std::string, std::string>> FilesAt(const std::filesystem::path& directory,
                                                   const std::string& ref,
                                                   const std::filesystem::path& folder);

// Returns a function that determines which paths git ignores in the repository of `directory`; none
// if there is no repository or no libgit2.
std::function<bool(const std::filesystem::path&)> IgnoredByGit(
    const std::filesystem::path& directory);

}  // namespace ballast::workspace
