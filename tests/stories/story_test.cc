// SPDX-License-Identifier: Apache-2.0
// Stories: what a user types and sees, driven through the real program against a real server. A
// story is a txtar file (a script, then its files) with these lines:
//   # …                a comment
//   $ COMMAND          runs under sh in the story's folder; must end with 0
//   ?N COMMAND         the same; must end with N
//   > TEXT             the last command's output, streams together, has this text
//   ! TEXT             it has not
//   db NAME            makes a fresh database; its URL is in $NAME
//   needs VARIABLE     skips the rest unless the variable is set (tools/judges)
//   write FILE         the last command's output becomes a file
// Each story starts with a fresh database in $DATABASE_URL and `ballast` on the PATH. The stories
// in slow/ run only by name (./test -L slow).
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "base/text.h"
#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

struct Story {
  std::string name;
  std::vector<std::string> lines;
  std::vector<std::pair<std::string, std::string>> files;

  friend void PrintTo(const Story& story, std::ostream* out) { *out << story.name; }
};

Story ParseStory(const fs::path& path) {
  std::ifstream stream(path);
  Story story;
  story.name = path.parent_path().filename() == "slow" ? "slow_" : "";
  story.name += path.stem().string();
  std::string line;
  while (std::getline(stream, line)) {
    if (line.starts_with("-- ") && line.ends_with(" --")) {
      story.files.emplace_back(line.substr(3, line.size() - 6), "");
    } else if (!story.files.empty()) {
      story.files.back().second += line + "\n";
    } else {
      story.lines.push_back(line);
    }
  }
  return story;
}

std::vector<Story> Stories() {
  std::vector<Story> stories;
  const char* source = std::getenv("BALLAST_SOURCE_DIR");
  const fs::path folder = fs::path(source == nullptr ? BALLAST_SOURCE : source) / "tests/stories";
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".txtar") stories.push_back(ParseStory(entry.path()));
  }
  std::sort(stories.begin(), stories.end(),
            [](const Story& a, const Story& b) { return a.name < b.name; });
  return stories;
}

class Stage {
 public:
  explicit Stage(const Story& story)
      : folder_(fs::temp_directory_path() /
                ("ballast-story-" + story.name + fmt::format("-{}", getpid()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    for (const auto& [name, text] : story.files) {
      WriteFile(folder_ / name, text);
    }
    AddDatabase("DATABASE_URL");
  }
  ~Stage() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  void AddDatabase(const std::string& name) {
    databases_.push_back(std::make_unique<TestDatabase>());
    ASSERT_TRUE(databases_.back()->ok());
    variables_ += fmt::format("export {}='{}'\n", name, databases_.back()->Url());
  }

  // The exit status, 124 if the command does not end within the limit; what was printed is in
  // output(). The limit also ends commands whose test was killed.
  int Run(const std::string& command) {
    const fs::path script = folder_ / ".story.sh";
    std::ofstream(script) << "unset BALLAST_STRATEGY BALLAST_BRANCH RAILWAY_GIT_BRANCH DIRECT_URL\n"
                          << "export PATH='" << BALLAST_PROGRAM_DIR << "':\"$PATH\" NO_COLOR=1\n"
                          << variables_ << "cd '" << folder_.string() << "'\n"
                          << "exec 2>&1\n"
                          << command << "\n";
    std::FILE* pipe =
        popen(fmt::format("timeout 20m sh '{}' < /dev/null", script.string()).c_str(), "r");
    output_.clear();
    char buffer[4096];
    while (const size_t read = std::fread(buffer, 1, sizeof buffer, pipe))
      output_.append(buffer, read);
    const int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  const std::string& output() const { return output_; }
  void Write(const std::string& name) const {
    std::ofstream(folder_ / name, std::ios::binary) << output_;
  }

 private:
  fs::path folder_;
  std::string variables_;
  std::string output_;
  std::vector<std::unique_ptr<TestDatabase>> databases_;
};

class StoryTest : public ::testing::TestWithParam<Story> {};

TEST_P(StoryTest, MatchesTheTranscript) {
  const Story& story = GetParam();
  Stage stage(story);
  std::string command = "(nothing yet)";
  for (size_t i = 0; i < story.lines.size(); ++i) {
    const std::string& line = story.lines[i];
    const std::string where = fmt::format("{}.txtar:{}: {}\nafter: {}\n{}", story.name, i + 1, line,
                                          command, stage.output());
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("$ ") || line.starts_with('?')) {
      const size_t blank = line.find(' ');
      const int expected = line[0] == '$' ? 0 : std::atoi(line.c_str() + 1);
      command = line.substr(blank + 1);
      const int status = stage.Run(command);
      ASSERT_EQ(status, expected) << story.name << ".txtar:" << i + 1 << ": " << line << "\n"
                                  << stage.output();
    } else if (line.starts_with("> ")) {
      EXPECT_NE(stage.output().find(line.substr(2)), std::string::npos) << where;
    } else if (line.starts_with("! ")) {
      EXPECT_EQ(stage.output().find(line.substr(2)), std::string::npos) << where;
    } else if (line.starts_with("db ")) {
      stage.AddDatabase(line.substr(3));
    } else if (line.starts_with("needs ")) {
      if (std::getenv(line.c_str() + 6) == nullptr) {
        GTEST_SKIP() << "NOT TESTED: " << line.substr(6)
                     << " is not set; eval \"$(tools/judges)\" sets it";
      }
    } else if (line.starts_with("write ")) {
      stage.Write(line.substr(6));
    } else {
      FAIL() << "a line that no story can have: " << where;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, StoryTest, ::testing::ValuesIn(Stories()),
                         [](const ::testing::TestParamInfo<Story>& info) {
                           std::string name = info.param.name;
                           std::replace_if(
                               name.begin(), name.end(),
                               [](char c) { return std::isalnum(c) == 0; }, '_');
                           return name;
                         });

}  // namespace
}  // namespace ballast::testing
