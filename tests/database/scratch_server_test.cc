// SPDX-License-Identifier: Apache-2.0
#include "scratch/scratch_server.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>

#include <gmock/gmock.h>

#include "scratch/cache_folder.h"
#include "scratch/scratch_folder.h"
#include "tests/support/test_server.h"

namespace ballast::scratch {
namespace {

namespace fs = std::filesystem;

// An environment variable for as long as this lives.
class Setting {
 public:
  Setting(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    setenv(name, value.c_str(), 1);
  }
  ~Setting() { old_ ? setenv(name_, old_->c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

// A place of its own for caches and scratch folders, so that other runs are not seen.
class ScratchServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (FindServer().empty()) GTEST_SKIP() << "NO SERVER: no PostgreSQL server programs here";
    std::string place = "/dev/shm/ballast-test-XXXXXX";
    if (access("/dev/shm", W_OK) != 0) place = "/tmp/ballast-test-XXXXXX";
    ASSERT_NE(mkdtemp(place.data()), nullptr);
    place_ = place;
    ASSERT_EQ(chmod(place.c_str(), 0777), 0);
    scratch_.emplace("BALLAST_SCRATCH_DIR", place);
    cache_.emplace("XDG_CACHE_HOME", place + "/cache");
  }
  void TearDown() override {
    std::error_code ignored;
    if (!place_.empty()) fs::remove_all(place_, ignored);
  }

  static std::string FindServer() {
    const auto server = testing::ServerOf(0);
    return server ? (*server)->version_text() : "";
  }
  static Result<ScratchServer> Start(const ScratchOptions& options = {}) {
    SilentProgress silent;
    return ScratchServer::Start(options, silent);
  }
  std::vector<std::string> Folders() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(place_)) {
      const std::string name = entry.path().filename();
      if (name.starts_with("ballast-scratch-")) found.push_back(entry.path());
    }
    return found;
  }
  std::string TemplateFile() const {
    for (const auto& entry : fs::directory_iterator(place_ + "/cache/ballast")) {
      return entry.path();
    }
    return {};
  }

  std::string place_;

 private:
  std::optional<Setting> scratch_;
  std::optional<Setting> cache_;
};

std::string Ask(const ScratchDatabase& database, std::string_view sql) {
  auto session = database.Connect();
  if (!session) return session.error().message;
  auto value = session->QueryValue(sql);
  return value ? value->value_or("NULL") : value.error().message;
}

// A forked copy of this process that does `work`, says so, and sleeps until it is killed.
class OtherProcess {
 public:
  explicit OtherProcess(const std::function<bool()>& work) {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe(ends.data()), 0);
    process_ = fork();
    if (process_ == 0) {
      signal(SIGINT, SIG_DFL);  // a shell's background jobs ignore it
      const char done = work() ? 'y' : 'n';
      (void)!write(ends[1], &done, 1);
      for (;;) pause();
    }
    close(ends[1]);
    char done = 0;
    EXPECT_EQ(read(ends[0], &done, 1), 1);
    EXPECT_EQ(done, 'y');
    close(ends[0]);
  }
  ~OtherProcess() { Kill(SIGKILL); }

  void Kill(int signal_number) {
    if (process_ <= 0) return;
    kill(process_, signal_number);
    waitpid(process_, nullptr, 0);
    process_ = 0;
  }
  pid_t process() const { return process_; }

 private:
  pid_t process_ = 0;
};

// Looks again and again, for at most 20 s, until it is so.
bool Eventually(const std::function<bool()>& is_so) {
  for (int i = 0; i < 2000; ++i) {
    if (is_so()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return is_so();
}

pid_t ParentOf(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("PPid:")) return std::atoi(line.c_str() + 5);
  }
  return 0;
}

TEST_F(ScratchServerTest, StartsCreatesClonesDropsAndGoes) {
  {
    auto server = Start();
    ASSERT_TRUE(server.ok()) << server.error().message;
    EXPECT_TRUE(server->is_embedded());
    EXPECT_GE(server->major(), 13);
    auto one = server->CreateDatabase("My Hint");
    ASSERT_TRUE(one.ok()) << one.error().message;
    EXPECT_EQ(Ask(*one, "CREATE TABLE t AS SELECT 7 AS x; SELECT x FROM t"), "7");
    EXPECT_EQ(Ask(*one, "SHOW server_encoding"), "UTF8");
    EXPECT_EQ(Ask(*one, "SELECT upper('äß')"), "Äß");
    auto copy = server->CloneDatabase(*one);
    ASSERT_TRUE(copy.ok()) << copy.error().message;
    EXPECT_EQ(Ask(*copy, "SELECT x FROM t"), "7");
    one->Drop();
    EXPECT_EQ(Ask(*copy, "SELECT count(*) FROM pg_database WHERE datname LIKE 'ballast_scratch%'"),
              "1");
    ASSERT_EQ(Folders().size(), 1u);
    struct stat entry {};
    ASSERT_EQ(stat(Folders()[0].c_str(), &entry), 0);
    EXPECT_EQ(entry.st_mode & 0777, 0700u);
  }
  EXPECT_TRUE(Folders().empty());
}

TEST_F(ScratchServerTest, DropsADatabaseThatIsInUse) {
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.error().message;
  auto database = server->CreateDatabase();
  ASSERT_TRUE(database.ok());
  auto session = database->Connect();
  ASSERT_TRUE(session.ok());
  database->Drop();
  EXPECT_FALSE(session->Run("SELECT 1").ok());
}

TEST_F(ScratchServerTest, UrlConnects) {
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.error().message;
  auto database = server->CreateDatabase();
  ASSERT_TRUE(database.ok());
  const auto target = postgres::ParseUrl(database->Url());
  ASSERT_TRUE(target.ok());
  auto session = postgres::Session::Connect(*target);
  ASSERT_TRUE(session.ok()) << session.error().message;
  EXPECT_EQ(session->QueryValue("SELECT current_database()")->value(), database->name());
}

TEST_F(ScratchServerTest, SecondStartUsesTheTemplate) {
  ASSERT_TRUE(Start().ok());
  const std::string file = TemplateFile();
  struct stat first {};
  ASSERT_EQ(stat(file.c_str(), &first), 0);
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::days(31);
  fs::last_write_time(file, long_ago);
  ASSERT_TRUE(Start().ok());
  struct stat second {};
  ASSERT_EQ(stat(file.c_str(), &second), 0);
  EXPECT_EQ(first.st_ino, second.st_ino) << "it was made again";
  EXPECT_GT(fs::last_write_time(file), long_ago) << "its use is not noted";
}

TEST_F(ScratchServerTest, TemplatesOfRemovedProgramsAreDeleted) {
  const fs::path cache = CacheFolder();
  const auto now = fs::file_time_type::clock::now();
  for (const auto& [name, days] : {std::pair{"postgres-9.6-0", 31}, {"postgres-12.1-0", 29}}) {
    std::ofstream(cache / name) << "x";
    fs::last_write_time(cache / name, now - std::chrono::days(days));
  }
  ASSERT_TRUE(Start().ok());
  EXPECT_FALSE(fs::exists(cache / "postgres-9.6-0"));
  EXPECT_TRUE(fs::exists(cache / "postgres-12.1-0"));
}

TEST_F(ScratchServerTest, DamagedTemplatesAreRecreated) {
  ASSERT_TRUE(Start().ok());
  const std::string file = TemplateFile();
  const auto size = fs::file_size(file);
  const auto damages = std::to_array<std::function<void()>>({
      [&] { fs::resize_file(file, size / 2); },
      [&] { fs::resize_file(file, 0); },
      [&] { std::ofstream(file) << "something else"; },
      [&] {  // whole by its size, but no server can start from it
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekp(static_cast<std::streamoff>(size / 8));
        stream << std::string(size - size / 8, '\0');
      },
  });
  for (const auto& damage : damages) {
    damage();
    auto server = Start();
    ASSERT_TRUE(server.ok()) << server.error().message;
    EXPECT_TRUE(server->CreateDatabase().ok());
    EXPECT_EQ(fs::file_size(file), size);
  }
}

TEST_F(ScratchServerTest, NoCacheIsNoError) {
  std::ofstream(place_ + "/file") << "x";
  const Setting xdg("XDG_CACHE_HOME", place_ + "/file/below");
  const Setting home("HOME", place_ + "/file/below");
  EXPECT_TRUE(Start().ok());
}

TEST_F(ScratchServerTest, AKilledOwnerLeavesNothing) {
  for (const int signal_number : {SIGKILL, SIGTERM, SIGINT, SIGHUP}) {
    std::optional<Result<ScratchServer>> server;
    OtherProcess other([&] { return server.emplace(Start()).ok(); });
    ASSERT_EQ(Folders().size(), 1u);
    const pid_t postgres = ServerProcessIn(Folders()[0] + "/data");
    ASSERT_GT(postgres, 0);
    other.Kill(signal_number);
    EXPECT_TRUE(Eventually([&] { return Folders().empty(); })) << signal_number;
    EXPECT_TRUE(Eventually([&] { return kill(postgres, 0) != 0; })) << signal_number;
  }
}

TEST_F(ScratchServerTest, TheNextStartCleansUpAfterAKilledOwnerAndSupervisor) {
  std::optional<Result<ScratchServer>> server;
  OtherProcess other([&] { return server.emplace(Start()).ok(); });
  ASSERT_EQ(Folders().size(), 1u);
  const std::string left = Folders()[0];
  const pid_t postgres = ServerProcessIn(left + "/data");
  const pid_t supervisor = ParentOf(postgres);
  EXPECT_EQ(ParentOf(supervisor), other.process());
  kill(supervisor, SIGKILL);
  other.Kill(SIGKILL);
  EXPECT_TRUE(Eventually([&] { return kill(postgres, 0) != 0; }))
      << "the server outlives its supervisor";
  EXPECT_TRUE(fs::exists(left));
  ASSERT_TRUE(Start().ok());
  EXPECT_FALSE(fs::exists(left));
}

TEST_F(ScratchServerTest, TwoServersAreIndependent) {
  std::optional<Result<ScratchServer>> other_server;
  OtherProcess other([&] { return other_server.emplace(Start()).ok(); });
  auto first = Start();
  auto second = Start();
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(Folders().size(), 3u);
  auto database = second->CreateDatabase();
  ASSERT_TRUE(database.ok());
  { const ScratchServer gone = std::move(*first); }
  EXPECT_EQ(Ask(*database, "SELECT 1"), "1");
  other.Kill(SIGKILL);
  EXPECT_EQ(Ask(*database, "SELECT 2"), "2");
}

TEST_F(ScratchServerTest, ManyFirstStartsAtOnce) {
  std::array<bool, 3> good{};
  std::vector<std::thread> threads;
  threads.reserve(good.size());
  for (bool& is_good : good) {
    threads.emplace_back([&is_good] {
      auto server = Start();
      is_good = server.ok() && server->CreateDatabase().ok();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(good, ::testing::Each(true));
}

TEST_F(ScratchServerTest, StartsForAnOrdinaryUser) {
  if (geteuid() != 0)
    GTEST_SKIP() << "NOT ROOT: a second user is not tried; run the tests as root for it";
  const Setting cache("XDG_CACHE_HOME", place_ + "/of-nobody");
  OtherProcess other([&] {
    if (setgid(65534) != 0 || setuid(65534) != 0) return false;
    auto server = Start();
    return server.ok() && server->CreateDatabase().ok();
  });
  other.Kill(SIGKILL);
}

TEST_F(ScratchServerTest, NoServerPrograms) {
  ScratchOptions options;
  options.binaries = place_;
  const auto in_folder = Start(options);
  ASSERT_FALSE(in_folder.ok());
  EXPECT_EQ(in_folder.error().code, ErrorCode::kNoServerBinaries);
  EXPECT_THAT(in_folder.error().message, ::testing::HasSubstr(place_));
  const auto of_major = Start({.major = 99});
  ASSERT_FALSE(of_major.ok());
  EXPECT_EQ(of_major.error().code, ErrorCode::kNoServerBinaries);
  EXPECT_THAT(of_major.error().hint, ::testing::HasSubstr("choose one of these versions"));
  const Setting environment("BALLAST_POSTGRES_BIN", place_);
  const auto in_variable = Start();
  ASSERT_FALSE(in_variable.ok());
  EXPECT_EQ(in_variable.error().code, ErrorCode::kNoServerBinaries);
  EXPECT_THAT(in_variable.error().hint, ::testing::HasSubstr("or unset it"));
}

TEST_F(ScratchServerTest, ReportsWhyTheServerDoesNotStart) {
  fs::create_directory(place_ + "/bin");
  for (const std::string program : {"postgres", "initdb"}) {
    std::ofstream(place_ + "/bin/" + program)
        << "#!/bin/sh\n[ \"$1\" = --version ] && echo 'postgres (PostgreSQL) 15.99' && exit\n"
           "echo 'the disk is made of cheese' >&2; exit 3\n";
    fs::permissions(place_ + "/bin/" + program, fs::perms(0755));
  }
  ScratchOptions options;
  options.binaries = place_ + "/bin";
  const auto server = Start(options);
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.error().code, ErrorCode::kScratchFailed);
  EXPECT_THAT(server.error().message, ::testing::HasSubstr("made of cheese"));
  EXPECT_TRUE(Folders().empty());
}

TEST_F(ScratchServerTest, OnAGivenServer) {
  auto outer = Start();
  ASSERT_TRUE(outer.ok());
  auto home = outer->CreateDatabase();
  ASSERT_TRUE(home.ok());
  // Left by a run of long ago, with nobody in it; and one that somebody is still in.
  Ask(*home, "CREATE DATABASE ballast_scratch_1000000_1_a_1");
  Ask(*home, "CREATE DATABASE ballast_scratch_1000000_1_a_2");
  auto inside =
      postgres::Session::Connect(home->target().WithDatabase("ballast_scratch_1000000_1_a_2"));
  auto server = Start({.url = home->Url()});
  ASSERT_TRUE(server.ok()) << server.error().message;
  EXPECT_FALSE(server->is_embedded());
  EXPECT_EQ(
      Ask(*home, "SELECT string_agg(datname, ' ') FROM pg_database WHERE datname ~ '_1000000_'"),
      "ballast_scratch_1000000_1_a_2");
  std::string name;
  {
    auto database = server->CreateDatabase("x");
    ASSERT_TRUE(database.ok()) << database.error().message;
    name = database->name();
    const auto target = postgres::ParseUrl(database->Url());
    ASSERT_TRUE(target.ok());
    EXPECT_EQ(target->database(), name);
    EXPECT_TRUE(server->CloneDatabase(*database).ok());
  }
  EXPECT_EQ(Ask(*home, "SELECT count(*) FROM pg_database WHERE datname = '" + name + "'"), "0");
}

TEST_F(ScratchServerTest, OnAGivenServerWithoutPrivileges) {
  auto outer = Start();
  ASSERT_TRUE(outer.ok());
  auto home = outer->CreateDatabase();
  ASSERT_TRUE(home.ok());
  Ask(*home, "CREATE ROLE weak LOGIN");
  std::string url = home->Url();
  url.replace(url.find("postgres@"), 8, "weak");
  const auto server = Start({.url = url});
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.error().code, ErrorCode::kPrivilege);
  EXPECT_THAT(server.error().hint, ::testing::HasSubstr("CREATEDB"));
}

class EveryMajorTest : public testing::MajorsTest {};

TEST_P(EveryMajorTest, IsItself) {
  EXPECT_EQ(db().session().server_major(), GetParam());
  EXPECT_EQ(db().Value("SHOW server_encoding"), "UTF8");
}

INSTANTIATE_TEST_SUITE_P(Majors, EveryMajorTest, ::testing::ValuesIn(testing::TestMajors()));

}  // namespace
}  // namespace ballast::scratch
