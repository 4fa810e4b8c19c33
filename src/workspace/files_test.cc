// SPDX-License-Identifier: Apache-2.0
#include "workspace/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "base/test_error_code.h"
#include "workspace/descriptor.h"
#include "workspace/test_folder.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

class ReplaceFileTest : public testing::Test {
 protected:
  std::string Read(const std::string& name) const {
    return ReadFile(folder_.Path() / name).value();
  }
  mode_t ModeOf(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(stat((folder_.Path() / name).c_str(), &status), 0);
    return status.st_mode & ALLPERMS;
  }
  // Temporary files would be among them.
  std::vector<std::string> Names() const {
    const std::vector<FolderEntry> entries = ListFolder(folder_.Path()).value();
    std::vector<std::string> names;
    for (const FolderEntry& entry : entries) names.push_back(entry.name);
    return names;
  }
  using List = std::vector<std::string>;

  TestFolder folder_;
};

TEST_F(ReplaceFileTest, CreatesAFile) {
  ASSERT_TRUE(ReplaceFile(folder_.Path() / "a", "new", 0600).ok());
  EXPECT_EQ(Read("a"), "new");
  EXPECT_EQ(ModeOf("a"), 0600U);
  EXPECT_EQ(Names(), List{"a"});
}

TEST_F(ReplaceFileTest, KeepsThePermissionsOfAFile) {
  const fs::path file = folder_.Write("a", "longer before");
  ASSERT_EQ(chmod(file.c_str(), 0640), 0);
  ASSERT_TRUE(ReplaceFile(file, "new", 0600).ok());
  EXPECT_EQ(Read("a"), "new");
  EXPECT_EQ(ModeOf("a"), 0640U);
}

TEST_F(ReplaceFileTest, FollowsLinks) {
  folder_.Write("real/a", "before");
  fs::create_symlink("real/a", folder_.Path() / "second");
  fs::create_symlink(folder_.Path() / "second", folder_.Path() / "first");
  fs::create_symlink("real/b", folder_.Path() / "dangling");
  ASSERT_TRUE(ReplaceFile(folder_.Path() / "first", "new", 0600).ok());
  ASSERT_TRUE(ReplaceFile(folder_.Path() / "dangling", "also new", 0600).ok());
  EXPECT_EQ(Read("real/a"), "new");
  EXPECT_EQ(Read("real/b"), "also new");
  EXPECT_TRUE(fs::is_symlink(folder_.Path() / "first"));
  EXPECT_TRUE(fs::is_symlink(folder_.Path() / "second"));
  EXPECT_EQ(Names(), (List{"dangling", "first", "real", "second"}));
}

TEST_F(ReplaceFileTest, RefusesLinksInACircle) {
  fs::create_symlink("b", folder_.Path() / "a");
  fs::create_symlink("a", folder_.Path() / "b");
  EXPECT_EQ(ErrorCodeOf(ReplaceFile(folder_.Path() / "a", "new", 0600)), "B105");
  EXPECT_TRUE(fs::is_symlink(folder_.Path() / "a"));
}

// The remedy is that of the cause.
TEST_F(ReplaceFileTest, NamesWhatToDo) {
  const std::pair<int, const char*> causes[] = {
      {ENOSPC, "free space"},      {EROFS, "read-only"},     {EACCES, "permission"},
      {ENOTDIR, "move that file"}, {EISDIR, "another name"}, {ENOENT, "create its folder"}};
  for (const auto& [cause, remedy] : causes) {
    const Error error = CannotWrite("a/b", cause);
    EXPECT_NE(error.hint.find(remedy), std::string::npos) << error.hint;
    EXPECT_EQ(error.where.file, "a/b");
  }
  folder_.Write("file", "");
  const Status replaced = ReplaceFile(folder_.Path() / "file/a", "new", 0600);
  ASSERT_FALSE(replaced.ok());
  EXPECT_NE(replaced.error().hint.find("move that file"), std::string::npos);
}

TEST_F(ReplaceFileTest, RefusesAFolder) {
  folder_.MakeFolder("a");
  EXPECT_EQ(ErrorCodeOf(ReplaceFile(folder_.Path() / "a", "new", 0600)), "B105");
  EXPECT_EQ(ErrorCodeOf(ReplaceFile(folder_.Path() / "none/a", "new", 0600)), "B105");
  EXPECT_EQ(Names(), List{"a"});
}

TEST_F(ReplaceFileTest, WritesIntoAPipe) {
  const fs::path pipe = folder_.Path() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(ErrorCodeOf(ReplaceFile(pipe, "nobody reads", 0600)), "B105");
  const Descriptor reader(open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  ASSERT_TRUE(ReplaceFile(pipe, "new", 0600).ok());
  char bytes[8] = {};
  EXPECT_EQ(read(reader.Get(), bytes, sizeof bytes), 3);
  EXPECT_STREQ(bytes, "new");
  EXPECT_EQ(Names(), List{"pipe"});
}

// As /dev/stdout of a program whose output is a pipe: the link's target is no path.
TEST_F(ReplaceFileTest, WritesIntoAPipeWithoutAName) {
  int ends[2] = {};
  ASSERT_EQ(pipe(ends), 0);
  const Descriptor reader(ends[0]);
  const Descriptor writer(ends[1]);
  const fs::path link = folder_.Path() / "out";
  fs::create_symlink("/proc/self/fd/" + std::to_string(writer.Get()), link);
  ASSERT_TRUE(ReplaceFile(link, "new", 0600).ok());
  char bytes[8] = {};
  EXPECT_EQ(read(reader.Get(), bytes, sizeof bytes), 3);
  EXPECT_STREQ(bytes, "new");
}

TEST_F(ReplaceFileTest, WritesIntoADevice) {
  fs::create_symlink("/dev/null", folder_.Path() / "null");
  ASSERT_TRUE(ReplaceFile(folder_.Path() / "null", "new", 0600).ok());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

// The same as a full disk: the bytes are refused after the file was created.
TEST_F(ReplaceFileTest, LeavesNothingWhereItFails) {
  const fs::path file = folder_.Write("a", "before");
  const std::string bytes(size_t{64} * 1024, 'x');
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1024, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status replaced = ReplaceFile(file, bytes, 0600);
  const Status created = CreateFile(folder_.Path() / "b", bytes, 0600);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(ErrorCodeOf(replaced), "B105");
  EXPECT_EQ(ErrorCodeOf(created), "B105");
  EXPECT_EQ(Read("a"), "before");
  EXPECT_EQ(Names(), List{"a"});
}

}  // namespace
}  // namespace ballast::workspace
