// SPDX-License-Identifier: Apache-2.0
#include "workspace/git.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "workspace/git_head.h"
#include "workspace/test_folder.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kTime = 1735787045;  // 2025-01-02T03:04:05Z

// A folder in which git commands are run, without any configuration of the machine.
class GitTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("git --version >/dev/null 2>&1") != 0) {
      GTEST_SKIP() << "NO GIT: repositories are not read; apt-get install git";
    }
    Run("git init -q -b main .");
  }

  void Run(const std::string& command, const std::string& where = ".") {
    const std::string full =
        "cd '" + (folder_.Path() / where).string() +
        "' && env GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_AUTHOR_NAME=a "
        "GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b "
        "GIT_AUTHOR_DATE='1735787045 +0000' GIT_COMMITTER_DATE='1735787045 +0000' " +
        command + " >/dev/null 2>&1";
    ASSERT_EQ(std::system(full.c_str()), 0) << command;
  }
  void Commit(const std::string& file, const std::string& bytes) {
    folder_.Write(file, bytes);
    Run("git add -A");
    Run("git commit -q -m x");
  }
  GitState State(const std::vector<fs::path>& watched = {}, const std::string& where = ".") {
    const auto state = ReadGitState(folder_.Path() / where, watched);
    EXPECT_TRUE(state.ok()) << state.error().message;
    return state.ok() ? *state : GitState{};
  }

  TestFolder folder_;
};

TEST_F(GitTest, KnowsAnUnbornBranch) {
  EXPECT_EQ(BranchOfHead(folder_.Path()), "main");
  const GitState state = State();
  EXPECT_TRUE(state.in_repository);
  EXPECT_EQ(state.branch, "main");
  EXPECT_EQ(state.commit, "");
  EXPECT_FALSE(state.dirty);
}

TEST_F(GitTest, KnowsBranchCommitAndTimeFromBelow) {
  Commit("a/b/c.txt", "x");
  Run("git switch -q -c feature/with-slash");
  EXPECT_EQ(BranchOfHead(folder_.Path() / "a/b"), "feature/with-slash");
  const GitState state = State({}, "a/b");
  EXPECT_EQ(state.branch, "feature/with-slash");
  EXPECT_EQ(state.commit.size(), 40U);
  EXPECT_EQ(state.commit_time, kTime);
  EXPECT_FALSE(state.dirty);
}

TEST_F(GitTest, ReportsChangesOfWatchedPaths) {
  Commit("prisma/schema.prisma", "x");
  folder_.Write(".railway/manifest.json", "untracked");
  EXPECT_TRUE(State().dirty);
  EXPECT_FALSE(State({folder_.Path() / "prisma"}).dirty);
  folder_.Write("prisma/migrations/1/migration.sql", "untracked");
  EXPECT_TRUE(State({folder_.Path() / "prisma"}).dirty);
  EXPECT_TRUE(State({folder_.Path() / "prisma/migrations/1"}).dirty);
  EXPECT_FALSE(State({folder_.Path() / "prisma/schema.prisma"}).dirty);
  folder_.Write("prisma/schema.prisma", "changed");
  EXPECT_TRUE(State({folder_.Path() / "prisma/schema.prisma"}).dirty);
}

TEST_F(GitTest, KnowsADetachedHead) {
  Commit("a", "x");
  Run("git checkout -q --detach");
  const auto head = ReadGitHead(folder_.Path());
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->branch, "");
  EXPECT_EQ(head->commit, State().commit);
  EXPECT_EQ(State().branch, "");
}

TEST_F(GitTest, KnowsLinkedWorktrees) {
  Commit("a", "x");
  Run("git worktree add -q -b railway-template-v4.0.0 sub/tree");
  EXPECT_EQ(BranchOfHead(folder_.Path() / "sub/tree"), "railway-template-v4.0.0");
  EXPECT_EQ(BranchOfHead(folder_.Path()), "main");
  const GitState state = State({}, "sub/tree");
  EXPECT_EQ(state.branch, "railway-template-v4.0.0");
  EXPECT_EQ(state.commit, State().commit);
}

TEST_F(GitTest, ListsTagsAndBranchesByGlob) {
  Commit("a", "x");
  Run("git tag v1");
  Run("git tag -a -m note v2");
  Run("git branch v3");
  Run("git branch other");
  Run("git update-ref refs/remotes/origin/v4 HEAD");
  Run("git update-ref refs/notes/v5 HEAD");
  const auto refs = ListGitRefs(folder_.Path(), {"v*", "nothing"});
  ASSERT_TRUE(refs.ok());
  const std::string commit = State().commit;
  EXPECT_EQ(*refs, (std::vector<GitRef>{{"v3", "refs/heads/v3", commit},
                                        {"origin/v4", "refs/remotes/origin/v4", commit},
                                        {"v1", "refs/tags/v1", commit},
                                        {"v2", "refs/tags/v2", commit}}));
}

TEST_F(GitTest, KnowsTheDefaultBranch) {
  Run("git checkout -q -b trunk");
  EXPECT_EQ(DefaultBranch(folder_.Path()).name, "trunk");  // without commits, too
  Commit("a", "1");
  EXPECT_EQ(DefaultBranch(folder_.Path()).name, "trunk");
  Run("git checkout -q -b master");
  Run("git checkout -q -b feature");
  EXPECT_EQ(DefaultBranch(folder_.Path()).name, "master");
  Run("git branch main");
  EXPECT_EQ(DefaultBranch(folder_.Path()).name, "main");
  Run("git clone -q --branch feature . clone");
  Run("git remote set-head origin trunk", "clone");
  EXPECT_EQ(DefaultBranch(folder_.Path() / "clone").name, "trunk");
  EXPECT_EQ(DefaultBranch("/").name, "main");
  Run("git branch -q feature-x");
  Run("git clone -q --single-branch --branch feature-x . single");
  Run("git remote set-head origin --delete", "single");
  EXPECT_EQ(DefaultBranch(folder_.Path() / "single").name, "feature-x");
  EXPECT_TRUE(DefaultBranch(folder_.Path() / "single").is_guess);
  EXPECT_FALSE(DefaultBranch(folder_.Path() / "clone").is_guess);
}

TEST_F(GitTest, ReadsAFolderAsAnotherCommitHasIt) {
  Commit(".railway/release-migrations/0_baseline/migration.sql", "one\r\n");
  fs::create_symlink("/etc/passwd", folder_.Path() / ".railway/link");
  Commit(".railway/other", "kept");
  Run("git tag v1");
  Commit(".railway/release-migrations/0_baseline/migration.sql", "two");
  const auto files = FilesAt(folder_.Path(), "v1", ".railway");
  ASSERT_TRUE(files.ok()) << files.error().message;
  EXPECT_EQ(*files,
            (std::map<std::string, std::string>{
                {"other", "kept"}, {"release-migrations/0_baseline/migration.sql", "one\r\n"}}));
  const auto now = FilesAt(folder_.Path() / ".railway", "HEAD", folder_.Path() / ".railway");
  ASSERT_TRUE(now.ok());
  EXPECT_EQ(now->at("release-migrations/0_baseline/migration.sql"), "two");
  const auto none = FilesAt(folder_.Path(), "v1", "nowhere");
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->empty());
  const auto unknown = FilesAt(folder_.Path(), "v9", ".railway");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(CodeOf(unknown.error().code), "B106");
}

TEST_F(GitTest, ReadsTheCheckoutOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "NOT ROOT: only root can give files away";
  Commit("a", "x");
  constexpr uid_t kNobody = 65534;
  ASSERT_EQ(chown(folder_.Path().c_str(), kNobody, kNobody), 0);
  for (const auto& entry : fs::recursive_directory_iterator(folder_.Path())) {
    ASSERT_EQ(lchown(entry.path().c_str(), kNobody, kNobody), 0);
  }
  EXPECT_EQ(State().commit.size(), 40U);
}

TEST(GitOutsideTest, IsNoErrorOutsideARepository) {
  const TestFolder folder;
  EXPECT_FALSE(ReadGitHead(folder.Path()).has_value());
  const auto state = ReadGitState(folder.Path(), {});
  ASSERT_TRUE(state.ok());
  EXPECT_FALSE(state->in_repository);
  const auto refs = ListGitRefs(folder.Path(), {"*"});
  ASSERT_TRUE(refs.ok());
  EXPECT_TRUE(refs->empty());
}

TEST(GitHeadTest, UnderstandsEveryFormOfHead) {
  struct Case {
    const char* head;
    bool found;
    const char* branch;
  };
  for (const Case& c : {
           Case{"ref: refs/heads/main\n", true, "main"},
           Case{"ref:refs/heads/a/b", true, "a/b"},
           Case{"ref: refs/heads/main\r\n", true, "main"},
           Case{"ref: refs/heads/.invalid\n", true, ""},
           Case{"ref: refs/remotes/origin/main\n", true, ""},
           Case{"0123456789012345678901234567890123456789\n", true, ""},
           Case{"nonsense", false, ""},
           Case{"", false, ""},
       }) {
    const TestFolder folder;
    folder.Write(".git/HEAD", c.head);
    const auto head = ReadGitHead(folder.Path());
    EXPECT_EQ(head.has_value(), c.found) << c.head;
    EXPECT_EQ(BranchOfHead(folder.Path()), c.branch) << c.head;
  }
}

TEST(GitHeadTest, FollowsGitFilesAndLinks) {
  const TestFolder folder;
  folder.Write("real/HEAD", "ref: refs/heads/one\n");
  folder.Write("tree/.git", "gitdir: ../real\n");
  EXPECT_EQ(BranchOfHead(folder.Path() / "tree"), "one");
  folder.Write("absolute/.git", "gitdir: " + (folder.Path() / "real").string() + "\n");
  EXPECT_EQ(BranchOfHead(folder.Path() / "absolute"), "one");
  folder.MakeFolder("old/.git");
  fs::create_symlink("refs/heads/two", folder.Path() / "old/.git/HEAD");
  EXPECT_EQ(BranchOfHead(folder.Path() / "old"), "two");
  folder.Write("broken/.git", "gitdir: ../nowhere\n");
  EXPECT_EQ(BranchOfHead(folder.Path() / "broken"), "");
}

}  // namespace
}  // namespace ballast::workspace
