// SPDX-License-Identifier: Apache-2.0
#include "workspace/git.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/text.h"
#include "workspace/files.h"
#include "workspace/git_head.h"
#include "workspace/libgit2.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRemotes = "refs/remotes/";
constexpr size_t kMostGitBytes = size_t{256} << 20;

Error GitError(const fs::path& directory, std::string_view what) {
  const Libgit2* git = LoadLibgit2();
  const git_error* last = git == nullptr ? nullptr : git->git_error_last();
  const std::string why =
      last == nullptr || last->message == nullptr ? "" : fmt::format(": {}", last->message);
  return MakeError(ErrorCode::kGit, fmt::format("{}{}", what, why),
                   git == nullptr ? "install libgit2" : "check it: git status",
                   {directory.string(), 0});
}

// Without links, as far as it exists.
fs::path Real(const fs::path& path) {
  std::error_code failed;
  const fs::path real = fs::weakly_canonical(path, failed);
  return failed ? path : real;
}

// Frees what libgit2 gave, by the member of Libgit2 that does it.
template <auto kFree>
struct Libgit2Deleter {
  template <class T>
  void operator()(T* owned) const {
    (LoadLibgit2()->*kFree)(owned);
  }
};
template <class T, auto kFree>
using Owned = std::unique_ptr<T, Libgit2Deleter<kFree>>;
using Repository = Owned<git_repository, &Libgit2::git_repository_free>;
using Object = Owned<git_object, &Libgit2::git_object_free>;
using Tree = Owned<git_tree, &Libgit2::git_tree_free>;
using TreeEntry = Owned<git_tree_entry, &Libgit2::git_tree_entry_free>;
using Blob = Owned<git_blob, &Libgit2::git_blob_free>;
using Reference = Owned<git_reference, &Libgit2::git_reference_free>;
using References = Owned<git_reference_iterator, &Libgit2::git_reference_iterator_free>;
using StatusList = Owned<git_status_list, &Libgit2::git_status_list_free>;

// libgit2 would wait for ever for a named pipe or a device in place of one of its files.
Status RefuseSpecialFiles(const GitHead& head) {
  for (const char* name : {"HEAD", "config", "index", "packed-refs", "commondir", "shallow",
                           "info/exclude", "info/attributes", "objects/info/alternates"}) {
    const fs::path file = head.git_folder / name;
    std::error_code failed;
    if (fs::is_other(file, failed)) return ReadFile(file).error();
  }
  return {};
}

// One opened repository, for one question.
class Checkout {
 public:
  static Result<Checkout> Open(const GitHead& head) {
    const Libgit2* git = LoadLibgit2();
    if (git == nullptr) {
      return GitError(head.worktree, "the git repository cannot be read without libgit2");
    }
    TRY(RefuseSpecialFiles(head));
    git_repository* opened = nullptr;
    const int failed = git->git_repository_open_ext(&opened, head.worktree.c_str(),
                                                    GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
    if (failed != 0) return GitError(head.worktree, "the git repository cannot be opened");
    return Checkout(git, Repository(opened), head.worktree);
  }

  // The commit that a name leads to; null when there is none.
  Object CommitOf(const std::string& name) const {
    git_object* named = nullptr;
    if (git_->git_revparse_single(&named, repository_.get(), name.c_str()) != 0) return nullptr;
    const Object owned(named);
    git_object* commit = nullptr;
    if (git_->git_object_peel(&commit, named, GIT_OBJECT_COMMIT) != 0) return nullptr;
    return Object(commit);
  }

  std::string NameOf(const Object& object) const {
    char text[GIT_OID_HEXSZ + 1];
    return git_->git_oid_tostr(text, sizeof(text), git_->git_object_id(object.get()));
  }

  int64_t TimeOf(const Object& commit) const {
    return git_->git_commit_time(reinterpret_cast<const git_commit*>(commit.get()));
  }

  bool IsShallow() const { return git_->git_repository_is_shallow(repository_.get()) == 1; }

  Result<bool> IsDirty(const std::vector<fs::path>& watched) const {
    std::vector<std::string> paths;
    paths.reserve(watched.size());
    for (const fs::path& path : watched) paths.push_back(PathInside(path));
    std::vector<char*> pointers;
    pointers.reserve(paths.size());
    for (std::string& path : paths) pointers.push_back(path.data());
    git_status_options options;
    git_->git_status_options_init(&options, GIT_STATUS_OPTIONS_VERSION);
    options.show = GIT_STATUS_SHOW_INDEX_AND_WORKDIR;
    // Without recursion, a path that is an untracked folder itself is not found.
    options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
                    GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH | GIT_STATUS_OPT_EXCLUDE_SUBMODULES;
    options.pathspec = {pointers.data(), pointers.size()};
    git_status_list* listed = nullptr;
    if (git_->git_status_list_new(&listed, repository_.get(), &options) != 0) {
      return GitError(worktree_, "the state of the worktree cannot be read");
    }
    const StatusList owned(listed);
    return git_->git_status_list_entrycount(listed) > 0;
  }

  Result<std::vector<std::string>> ReferenceNames() const {
    git_reference_iterator* iterator = nullptr;
    if (git_->git_reference_iterator_new(&iterator, repository_.get()) != 0) {
      return GitError(worktree_, "the refs cannot be read");
    }
    const References owned(iterator);
    std::vector<std::string> names;
    const char* name = nullptr;
    while (git_->git_reference_next_name(&name, iterator) == 0) names.emplace_back(name);
    std::sort(names.begin(), names.end());
    return names;
  }

  // The reference that a symbolic one points to; empty if it is none, or is missing.
  std::string TargetOf(const char* symbolic) const {
    git_reference* found = nullptr;
    if (git_->git_reference_lookup(&found, repository_.get(), symbolic) != 0) return {};
    const Reference owned(found);
    const char* target = git_->git_reference_symbolic_target(found);
    return target == nullptr ? std::string() : target;
  }

  // Appends the files of `folder` as the commit has them.
  Status ReadFolder(const Object& commit, const std::string& folder,
                    std::map<std::string, std::string>* files) const {
    git_tree* root = nullptr;
    if (git_->git_commit_tree(&root, reinterpret_cast<const git_commit*>(commit.get())) != 0) {
      return GitError(worktree_, "the commit has no tree");
    }
    const Tree owned_root(root);
    if (folder.empty() || folder == ".") return ReadTree(root, "", files);
    git_tree_entry* entry = nullptr;
    if (git_->git_tree_entry_bypath(&entry, root, folder.c_str()) != 0) return {};
    const TreeEntry owned(entry);
    if (git_->git_tree_entry_filemode(entry) != GIT_FILEMODE_TREE) return {};
    return ReadSubtree(entry, "", files);
  }

  bool IsIgnored(const fs::path& path) const {
    int ignored = 0;
    const std::string inside = PathInside(path) + "/";
    if (git_->git_ignore_path_is_ignored(&ignored, repository_.get(), inside.c_str()) != 0) {
      return false;
    }
    return ignored != 0;
  }

  // A path of the disk as one of the repository; "." for the worktree itself.
  std::string PathInside(const fs::path& path) const {
    return Real(path).lexically_relative(Real(worktree_)).string();
  }

 private:
  Checkout(const Libgit2* git, Repository repository, fs::path worktree)
      : git_(git), repository_(std::move(repository)), worktree_(std::move(worktree)) {}

  Status ReadSubtree(const git_tree_entry* entry, const std::string& prefix,
                     std::map<std::string, std::string>* files) const {
    git_tree* tree = nullptr;
    if (git_->git_tree_lookup(&tree, repository_.get(), git_->git_tree_entry_id(entry)) != 0) {
      return GitError(worktree_, "a tree cannot be read");
    }
    const Tree owned(tree);
    return ReadTree(tree, prefix, files);
  }

  Status ReadTree(const git_tree* tree, const std::string& prefix,
                  std::map<std::string, std::string>* files) const {
    for (size_t i = 0; i < git_->git_tree_entrycount(tree); ++i) {
      const git_tree_entry* entry = git_->git_tree_entry_byindex(tree, i);
      const std::string path = prefix + git_->git_tree_entry_name(entry);
      const git_filemode_t mode = git_->git_tree_entry_filemode(entry);
      if (mode == GIT_FILEMODE_TREE) {
        TRY(ReadSubtree(entry, path + "/", files));
      } else if (mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE) {
        TRY(ReadBlob(entry, path, files));
      }
    }
    return {};
  }

  Status ReadBlob(const git_tree_entry* entry, const std::string& path,
                  std::map<std::string, std::string>* files) const {
    git_blob* blob = nullptr;
    if (git_->git_blob_lookup(&blob, repository_.get(), git_->git_tree_entry_id(entry)) != 0) {
      return GitError(worktree_, fmt::format("{} cannot be read", path));
    }
    const Blob owned(blob);
    const auto size = static_cast<size_t>(git_->git_blob_rawsize(blob));
    if (size > bytes_left_) {
      return MakeError(ErrorCode::kGit, "the folder is too large to be read from git", {},
                       {path, 0});
    }
    bytes_left_ -= size;
    (*files)[path].assign(static_cast<const char*>(git_->git_blob_rawcontent(blob)), size);
    return {};
  }

  const Libgit2* git_;
  Repository repository_;
  fs::path worktree_;
  mutable size_t bytes_left_ = kMostGitBytes;
};

// The names by which people call a ref; none for refs of other kinds.
std::vector<std::string> ShortNames(std::string_view full) {
  for (const std::string_view prefix : {"refs/tags/", "refs/heads/"}) {
    if (full.starts_with(prefix)) return {std::string(full.substr(prefix.size()))};
  }
  if (!full.starts_with(kRemotes) || full.ends_with("/HEAD")) return {};
  const std::string_view remote = full.substr(kRemotes.size());
  const size_t slash = remote.find('/');
  if (slash == std::string_view::npos) return {};
  return {std::string(remote), std::string(remote.substr(slash + 1))};
}

bool MatchesAny(const std::vector<std::string>& names, const std::vector<std::string>& globs) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::any_of(globs.begin(), globs.end(),
                       [&](const std::string& glob) { return MatchesGlob(glob, name); });
  });
}

}  // namespace

Result<GitState> ReadGitState(const fs::path& directory, const std::vector<fs::path>& watched) {
  const std::optional<GitHead> head = ReadGitHead(directory);
  if (!head) return GitState{};
  TRY_ASSIGN(const Checkout checkout, Checkout::Open(*head));
  GitState state;
  state.in_repository = true;
  state.branch = head->branch;
  if (const Object commit = checkout.CommitOf("HEAD")) {
    state.commit = checkout.NameOf(commit);
    state.commit_time = checkout.TimeOf(commit);
  }
  TRY_ASSIGN(state.dirty, checkout.IsDirty(watched));
  state.shallow = checkout.IsShallow();
  return state;
}

Result<std::vector<GitRef>> ListGitRefs(const fs::path& directory,
                                        const std::vector<std::string>& globs) {
  std::vector<GitRef> refs;
  const std::optional<GitHead> head = ReadGitHead(directory);
  if (!head) return refs;
  TRY_ASSIGN(const Checkout checkout, Checkout::Open(*head));
  TRY_ASSIGN(const std::vector<std::string> names, checkout.ReferenceNames());
  for (const std::string& full : names) {
    const std::vector<std::string> short_names = ShortNames(full);
    if (!MatchesAny(short_names, globs)) continue;
    if (const Object commit = checkout.CommitOf(full)) {
      refs.push_back({short_names.front(), full, checkout.NameOf(commit)});
    }
  }
  return refs;
}

namespace {

Error UnknownRef(const std::string& ref, const std::string& message, const std::string& hint,
                 const fs::path& where) {
  Error error = MakeError(ErrorCode::kGit, message, hint, {where.string(), 0});
  error.details.emplace_back(kUnknownRef, ref);
  return error;
}

}  // namespace

Result<std::map<std::string, std::string>> FilesAt(const fs::path& directory,
                                                   const std::string& ref, const fs::path& folder) {
  const std::optional<GitHead> head = ReadGitHead(directory);
  if (!head) {
    return UnknownRef(ref, fmt::format("{} is not in a git repository", directory.string()),
                      "start in a checkout of the project", directory);
  }
  TRY_ASSIGN(const Checkout checkout, Checkout::Open(*head));
  const Object commit = checkout.CommitOf(ref);
  if (commit == nullptr) {
    return UnknownRef(ref, fmt::format("git knows no commit \"{}\"", ref),
                      "list the names: git tag, git branch --all", head->worktree);
  }
  std::map<std::string, std::string> files;
  TRY(checkout.ReadFolder(commit, checkout.PathInside(directory / folder), &files));
  return files;
}

MergeBranch DefaultBranch(const fs::path& directory) {
  constexpr char kMain[] = "main";
  const std::optional<GitHead> head = ReadGitHead(directory);
  if (!head) return {kMain};
  MergeBranch checked_out = {head->branch.empty() ? kMain : head->branch};
  const Result<Checkout> checkout = Checkout::Open(*head);
  if (!checkout.ok()) return checked_out;
  constexpr std::string_view kOrigin = "refs/remotes/origin/";
  const std::string named = checkout->TargetOf("refs/remotes/origin/HEAD");
  if (named.starts_with(kOrigin)) return {named.substr(kOrigin.size())};
  const auto refs = checkout->ReferenceNames();
  if (!refs.ok()) return checked_out;
  for (const std::string name : {kMain, "master", "trunk", "develop"}) {
    const auto is_branch = [&](const std::string& full) {
      return full == "refs/heads/" + name || full == std::string(kOrigin) + name;
    };
    if (std::ranges::any_of(*refs, is_branch)) return {name};
  }
  checked_out.is_guess = std::ranges::any_of(
      *refs, [&](const std::string& full) { return full.starts_with(kOrigin); });
  return checked_out;
}

std::function<bool(const fs::path&)> IgnoredByGit(const fs::path& directory) {
  const auto nothing = [](const fs::path&) { return false; };
  const std::optional<GitHead> head = ReadGitHead(directory);
  if (!head) return nothing;
  Result<Checkout> checkout = Checkout::Open(*head);
  if (!checkout.ok()) return nothing;
  const auto shared = std::make_shared<const Checkout>(std::move(checkout).value());
  return [shared](const fs::path& path) { return shared->IsIgnored(path); };
}

}  // namespace ballast::workspace
