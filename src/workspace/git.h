// SPDX-License-Identifier: Apache-2.0
// Where a project comes from: branch, commit, and what other commits hold. None of it is an error
// outside a repository.
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
  std::string commit;       // empty: the branch is unborn
  int64_t commit_time = 0;  // seconds since 1970, UTC
  bool dirty = false;       // see ReadGitState
};

// `watched`: files and folders of whose state `dirty` speaks (changed, staged, untracked); none:
// the whole worktree. B106 when the repository is there but cannot be read, or when it is there and
// this machine has no libgit2.
Result<GitState> ReadGitState(const std::filesystem::path& directory,
                              const std::vector<std::filesystem::path>& watched);

struct GitRef {
  std::string name;    // "v4.0.0", "origin/railway-template-v4.0.0"
  std::string full;    // "refs/tags/v4.0.0"
  std::string commit;  // tags are followed to it

  bool operator==(const GitRef&) const = default;
};

// Tags, branches and remote branches of which the short name (for remote ones without the remote,
// too) matches one of the globs, in order of their full names. Empty outside a repository. B106.
Result<std::vector<GitRef>> ListGitRefs(const std::filesystem::path& directory,
                                        const std::vector<std::string>& globs);

// The files below `folder` (absolute, or from `directory`) as `ref` has them: path from the folder
// → bytes. Links and submodules are left out. Empty when the ref has no such folder. B106 when
// there is no such ref or no repository, or when more than 256 MiB lie there.
Result<std::map<std::string, std::string>> FilesAt(const std::filesystem::path& directory,
                                                   const std::string& ref,
                                                   const std::filesystem::path& folder);

// Tells which paths git ignores, in the repository around `directory`; none of them where there is
// no repository, or no libgit2 on this machine.
std::function<bool(const std::filesystem::path&)> IgnoredByGit(
    const std::filesystem::path& directory);

}  // namespace ballast::workspace
