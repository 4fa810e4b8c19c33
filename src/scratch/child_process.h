// SPDX-License-Identifier: Apache-2.0
// Starting other programs: the PostgreSQL server and initdb, which refuse to run as root.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "scratch/sandbox.h"

namespace ballast::scratch {

// The account that a server runs under.
struct RunAs {
  bool change = false;  // false: the account of this process
  uid_t user = 0;
  gid_t group = 0;
};

// For root: "postgres", else "nobody". For everyone else: no change.
RunAs ServerAccount();

struct Command {
  std::vector<std::string> argv;       // argv[0] is a path
  std::string folder;                  // to run in
  std::vector<std::string> variables;  // NAME=VALUE, beyond the environment of StartProcess
  std::string log;                     // file for stdout and stderr, appended to; empty: /dev/null
  RunAs run_as;
  int death_signal = 9;              // what it gets when the thread that started it ends before it
  const Sandbox* sandbox = nullptr;  // entered before the program begins; null: none
};

// All that starting a program needs, made beforehand: a process that was forked from one with
// threads may do nothing but system calls (POSIX, fork), for a lock of another thread's stays
// locked in it for ever. Copies nothing of a `Command`, which has to outlive it.
class PreparedCommand {
 public:
  explicit PreparedCommand(const Command& command);
  PreparedCommand(const PreparedCommand&) = delete;
  PreparedCommand& operator=(const PreparedCommand&) = delete;

  // As StartProcess; system calls only.
  pid_t Start() const;
  // This process becomes the program, with the files that it has open and the account that it has.
  // Returns where that is not possible.
  void Become() const;

 private:
  [[noreturn]] void BecomeChildOf(pid_t parent) const;

  const Command& command_;
  std::vector<std::string> environment_;
  std::string refusal_;  // what the log says when the program can't be started
  std::vector<char*> argv_;
  std::vector<char*> environment_pointers_;
};

// The process id, or -1 where no process could be made. The program gets a small environment of its
// own (PATH, LD_LIBRARY_PATH for builds that carry their libraries in ../lib, C locale, UTC), no
// input and no other open file. One that cannot be run ends with 127.
pid_t StartProcess(const Command& command);

// Waits for its end: the exit status, or 128 + signal; -1 when it is not ours.
int WaitForProcess(pid_t process);

// What a program prints on stdout, when it ends with 0; an empty string otherwise.
std::string OutputOf(const std::vector<std::string>& argv);

// 0700, with all folders above it, belonging to the account. B105.
Status MakePrivateFolder(const std::string& path, const RunAs& owner);

}  // namespace ballast::scratch
