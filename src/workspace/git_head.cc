// SPDX-License-Identifier: Apache-2.0
#include "workspace/git_head.h"

#include <algorithm>

#include "base/text.h"
#include "workspace/files.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReference = "ref:";
constexpr std::string_view kBranches = "refs/heads/";
constexpr std::string_view kGitFolder = "gitdir:";
constexpr std::string_view kReftableStub = ".invalid";  // HEAD itself is elsewhere then

std::string FirstLine(const std::string& text) {
  return std::string(Trim(std::string_view(text).substr(0, text.find('\n'))));
}

// ".git" itself, or where a file of that name points.
std::optional<fs::path> GitFolderAt(const fs::path& worktree) {
  const fs::path dot_git = worktree / ".git";
  if (IsFolder(dot_git)) return dot_git;
  if (!IsFile(dot_git)) return std::nullopt;
  const auto text = ReadFile(dot_git);
  if (!text.ok() || !text->starts_with(kGitFolder)) return std::nullopt;
  return (worktree / Trim(FirstLine(text->substr(kGitFolder.size())))).lexically_normal();
}

bool IsObjectName(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// The content of HEAD: the name of a reference or of an object. Empty if it is not a HEAD file.
std::string HeadText(const fs::path& git_folder) {
  std::error_code failed;
  const fs::path file = git_folder / "HEAD";
  if (fs::is_symlink(file, failed)) {
    return std::string(kReference) + fs::read_symlink(file, failed).string();
  }
  const auto text = ReadFile(file);
  return text.ok() ? FirstLine(*text) : std::string();
}

}  // namespace

std::optional<GitHead> ReadGitHead(const fs::path& directory) {
  std::error_code failed;
  fs::path at = fs::absolute(directory, failed).lexically_normal();
  for (; !failed; at = at.parent_path()) {
    const std::optional<fs::path> git_folder = GitFolderAt(at);
    const std::string text = git_folder ? HeadText(*git_folder) : std::string();
    if (text.starts_with(kReference)) {
      const std::string_view name = Trim(std::string_view(text).substr(kReference.size()));
      const bool branch =
          name.starts_with(kBranches) && name.substr(kBranches.size()) != kReftableStub;
      return GitHead{at,
                     *git_folder,
                     std::string(branch ? name.substr(kBranches.size()) : std::string_view{}),
                     {}};
    }
    if (IsObjectName(text)) return GitHead{at, *git_folder, {}, text};
    if (!at.has_relative_path()) break;
  }
  return std::nullopt;
}

std::string BranchOfHead(const fs::path& directory) {
  const std::optional<GitHead> head = ReadGitHead(directory);
  return head ? head->branch : std::string();
}

}  // namespace ballast::workspace
