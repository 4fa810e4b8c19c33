// SPDX-License-Identifier: Apache-2.0
// What the fault tests play on: a project, the database it starts from, and what an undisturbed
// deploy makes of it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scratch/scratch_server.h"
#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {

inline bool Has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The program, running; its streams together in a file.
class Process {
 public:
  Process(const std::filesystem::path& folder, const std::vector<std::string>& arguments,
          const std::string& url);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  // Waits until it has printed that; false when it ended without.
  bool AwaitOutput(const std::string& text);
  // Waits for its end: the exit status, or 128 + the signal.
  int Wait();
  std::string Output() const;

 private:
  TemporaryFolder streams_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

// The relevant content of a database as text, for comparisons.
struct DatabaseContent {
  std::string catalog;  // fingerprint of public
  std::string rows;     // of the migrations table: name|state, in the order of starting
  std::string values;   // of the users' tables

  bool operator==(const DatabaseContent&) const = default;
};
DatabaseContent ReadContent(postgres::Session& session);

struct Scenario {
  std::string name;
  std::string strategy;
  bool atomic = true;  // untouched or complete, nothing in between
  std::unique_ptr<TemporaryFolder> folder;
  std::optional<scratch::ScratchDatabase> start;
  DatabaseContent before;
  DatabaseContent complete;
  std::optional<std::string> dump;  // of the complete database

  std::vector<std::string> command;  // in place of a deploy
  // What status says: its exit status, and `found` of the complete database; empty: either.
  int before_status = 1;
  int complete_status = 0;
  std::string complete_found = "current";

  std::vector<std::string> Deploy() const {
    std::vector<std::string> words = command.empty() ? std::vector<std::string>{"deploy"} : command;
    words.insert(words.end(), {"--strategy", strategy});
    return words;
  }
  scratch::ScratchDatabase NewDatabase() const;
};

// Fresh databases by release, development and history; behind ones by history and release, and by
// all three with steps outside a transaction that others follow.
const std::vector<Scenario>& Scenarios();

// Rollbacks that keep data and the way forward again, and repairs.
const std::vector<Scenario>& ChangeScenes();

// Waits until no session but the asker's is in the database.
void AwaitAlone(const std::string& database);
// The maintenance session of the test's server.
postgres::Session& Admin();

}  // namespace ballast::testing
