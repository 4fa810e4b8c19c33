// SPDX-License-Identifier: Apache-2.0
// Real servers for tests: one embedded scratch server per process and major, and a fresh database
// for whoever asks. Tests over several majors run where their programs are found
// (BALLAST_TEST_POSTGRES names a folder with 13, 14, 16 …) and say loudly where they are not.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "postgres/session.h"
#include "scratch/scratch_server.h"

namespace ballast::testing {

// The number in a variable; `usual` if it is not set.
int NumberOfVariable(const char* variable, int usual);

// The majors that are promised: BALLAST_TEST_MAJORS ("13,15,18"), else those of
// base/server_versions.h.
std::vector<int> TestMajors();

// Of these, the oldest, Debian's and the newest: what a test uses that takes long on each.
std::vector<int> UsualMajors();
std::vector<int> FurtherMajors();  // the others

// The server of that major (0: the newest that is installed) or the reason why there is none.
// Lives until the process ends.
Result<scratch::ScratchServer*> ServerOf(int major);

// The folder of the server programs of that major; empty: not on this machine.
std::string BinariesOf(int major);

// For loops over majors: `if (!HasMajor(m)) continue;` prints what is left out.
bool HasMajor(int major);

// A fresh database and a session in it.
class TestDatabase {
 public:
  explicit TestDatabase(int major = 0);  // fails the test when there is no server

  bool ok() const { return session_.has_value(); }
  // These throw, which fails the test, when there is no database.
  postgres::Session& session() { return session_.value(); }
  scratch::ScratchDatabase& database() { return database_.value(); }
  const postgres::Target& target() const { return database_.value().target(); }
  std::string Url() const { return database_.value().Url(); }
  postgres::Session Connect() const;  // one more session

  // Runs a script, which must succeed.
  void Run(std::string_view sql);
  // The first value of the last result, as text; NULL gives "NULL", no row "".
  std::string Value(std::string_view sql);
  // All rows of the last result, a line each: "a|b\n".
  std::string Table(std::string_view sql);

 private:
  std::optional<scratch::ScratchDatabase> database_;
  std::optional<postgres::Session> session_;
};

// A fixture for tests of one server: `db` is fresh in each test; skips where none is installed.
class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override;
  TestDatabase& db() { return *db_; }

 private:
  std::optional<TestDatabase> db_;
};

// A fixture for TEST_P over TestMajors(): skips the majors that this machine lacks.
//   INSTANTIATE_TEST_SUITE_P(Majors, MyTest, ::testing::ValuesIn(TestMajors()));
class MajorsTest : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override;
  TestDatabase& db() { return *db_; }

 private:
  std::optional<TestDatabase> db_;
};

// What pg_dump says of the database with these further options ("--schema-only"), without the
// random words that it guards its scripts with. Its version must not be older than the server;
// nullopt where there is no such pg_dump.
std::optional<std::string> PgDump(const postgres::Target& target,
                                  const std::vector<std::string>& options = {});

// The folder of public test data (BALLAST_SHARED, else ../shared next to the source); empty when it
// is not there.
std::string SharedFolder();

}  // namespace ballast::testing

// Ends the test where there is no server: as skipped where none is installed, else as failed.
#define BALLAST_NEEDS_SERVER()                                            \
  if (const auto server = ::ballast::testing::ServerOf(0); !server) {     \
    if (server.error().code != ::ballast::ErrorCode::kNoServerBinaries) { \
      FAIL() << server.error().message;                                   \
    }                                                                     \
    GTEST_SKIP() << "NO SERVER: " << server.error().message;              \
  }                                                                       \
  static_assert(true, "wants a semicolon")

// Ends the test as skipped, with the reason, where the public test data is not on this machine.
#define BALLAST_NEEDS_SHARED()                                                        \
  if (::ballast::testing::SharedFolder().empty())                                     \
  GTEST_SKIP() << "NO TEST DATA: set BALLAST_SHARED to the folder with corpora/ (it " \
                  "is searched next to the source too)"
