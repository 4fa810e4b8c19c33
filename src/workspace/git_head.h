// SPDX-License-Identifier: Apache-2.0
// What .git/HEAD says, read as a file: deploy asks for no more, and starts faster without a
// library.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ballast::workspace {

struct GitHead {
  std::filesystem::path worktree;    // the folder with ".git" in it
  std::filesystem::path git_folder;  // where HEAD lies; of a linked worktree its own
  std::string branch;                // empty: HEAD is detached, or is no branch
  std::string commit;                // of a detached HEAD only
};

// Nothing outside a repository. Linked worktrees, submodules (".git" as a file), unborn branches
// and HEADs that are links are understood (gitrepository-layout(5)).
std::optional<GitHead> ReadGitHead(const std::filesystem::path& directory);

// The branch alone; empty when there is none to be known.
std::string BranchOfHead(const std::filesystem::path& directory);

}  // namespace ballast::workspace
