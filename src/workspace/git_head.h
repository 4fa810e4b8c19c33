// SPDX-License-Identifier: Apache-2.0
// Reads .git/HEAD as a file. This is all that a deploy needs, and faster than loading a library.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace ballast::workspace {

struct GitHead {
  std::filesystem::path worktree;    // the folder that contains ".git"
  std::filesystem::path git_folder;  // the folder of HEAD; linked worktrees have their own
  std::string branch;                // empty: HEAD is detached or not a branch
  std::string commit;                // only for a detached HEAD
};

// No value outside a repository. Supports linked worktrees, submodules (".git" as a file), branches
// without commits, and HEADs that are links (gitrepository-layout(5)).
std::optional<GitHead> ReadGitHead(const std::filesystem::path& directory);

// Only the branch; empty if it is not known.
std::string BranchOfHead(const std::filesystem::path& directory);

}  // namespace ballast::workspace
