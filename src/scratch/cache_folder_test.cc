// SPDX-License-Identifier: Apache-2.0
#include "scratch/cache_folder.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace ballast::scratch {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using ::testing::ElementsAre;

class CacheFolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    place_ = (fs::temp_directory_path() / "ballast-cache-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(place_.data()), nullptr);
    setenv("XDG_CACHE_HOME", place_.c_str(), 1);
    cache_ = CacheFolder();
    ASSERT_EQ(cache_, fs::path(place_) / "ballast");
  }
  void TearDown() override {
    unsetenv("XDG_CACHE_HOME");
    fs::remove_all(place_);
  }

  // An entry that was last used that long ago: a file, or a folder with one in it.
  void Put(const std::string& name, size_t bytes, hours ago, bool folder = false) const {
    const fs::path entry = cache_ / name;
    if (folder) fs::create_directory(entry);
    std::ofstream(folder ? entry / "file" : entry) << std::string(bytes, 'x');
    fs::last_write_time(entry, fs::file_time_type::clock::now() - ago);
  }

  std::vector<std::string> Left() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(cache_))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }

  std::string place_;
  fs::path cache_;
};

TEST_F(CacheFolderTest, KeepsTheMostRecentlyUsed) {
  struct Case {
    CacheBounds bounds;
    std::vector<std::string> left;
  };
  for (const Case& c : {
           Case{{.entries = 9}, {"a-1", "a-2", "a-3", "a-4", "b-9"}},
           Case{{.entries = 2}, {"a-2", "a-4", "b-9"}},
           Case{{.entries = 9, .bytes = 350}, {"a-1", "a-2", "a-4", "b-9"}},
           Case{{.entries = 9, .unused = hours(25)}, {"a-2", "a-4", "b-9"}},
           Case{{.entries = 0}, {"b-9"}},
       }) {
    Put("a-1", 100, hours(30));
    Put("a-2", 100, hours(10), true);
    Put("a-3", 100, hours(40), true);
    Put("a-4", 100, hours(20));
    Put("b-9", 100, hours(90));
    PruneCache("a-", c.bounds);
    EXPECT_EQ(Left(), c.left);
  }
}

TEST_F(CacheFolderTest, AUseProtectsAnEntry) {
  Put("a-old", 1, hours(50));
  Put("a-new", 1, hours(1));
  MarkUsed(cache_ / "a-old");
  PruneCache("a-", {.entries = 1});
  EXPECT_THAT(Left(), ElementsAre("a-old"));
}

// Temporary names are not listed, and are removed when their writer has ended.
TEST_F(CacheFolderTest, RemovesIncompleteEntriesAfterAnHour) {
  const std::string unready = TemporaryName(cache_ / "a-x").filename();
  Put(unready, 1, hours(0));
  Put(".a-left.1", 1, hours(2));
  Put(".a-folder.1", 1, hours(2), true);
  EXPECT_THAT(CacheEntries("a-"), ElementsAre());
  PruneCache("a-", {.entries = 1});
  EXPECT_THAT(Left(), ElementsAre(unready));
}

}  // namespace
}  // namespace ballast::scratch
