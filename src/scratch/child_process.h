// SPDX-License-Identifier: Apache-2.0
// Starts other programs: the PostgreSQL server and initdb, which refuse to run as root.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "scratch/sandbox.h"

namespace ballast::scratch {

// The account that a server runs under.
struct ServerAccountIds {
  bool change = false;  // false: the account of this process
  uid_t user = 0;
  gid_t group = 0;
};

// For root: "postgres", else "nobody". For other users: no change.
ServerAccountIds ServerAccount();

struct Command {
  std::vector<std::string> argv;       // argv[0] is a path
  std::string folder;                  // working folder
  std::vector<std::string> variables;  // NAME=VALUE, added to the environment of StartProcess
  std::string log;                     // file for stdout and stderr, appended to; empty: /dev/null
  ServerAccountIds run_as;
  int death_signal = 9;              // signal on termination of the thread that started it
  const Sandbox* sandbox = nullptr;  // entered before the program starts; may be null
};

// Everything that starting a program needs, prepared in advance: after fork, a process with threads
// may make only system calls (POSIX, fork), because locks of other threads remain locked. Does not
// copy the Command, which must outlive it.
class PreparedCommand {
 public:
  explicit PreparedCommand(const Command& command);
  PreparedCommand(const PreparedCommand&) = delete;
  PreparedCommand& operator=(const PreparedCommand&) = delete;

  // As StartProcess; makes only system calls.
  pid_t Start() const;
  // Replaces this process by the program, with its open files and account. Returns only on failure.
  void Become() const;

 private:
  [[noreturn]] void BecomeChildOf(pid_t parent) const;

  const Command& command_;
  std::vector<std::string> environment_;
  std::string refusal_;  // written to the log if the program cannot be started
  std::vector<char*> argv_;
  std::vector<char*> environment_pointers_;
};

// The process id, or -1 on failure. The program gets a minimal environment (PATH, LD_LIBRARY_PATH
// for builds with libraries in ../lib, C locale, UTC), no input and no other open files. It exits
// with 127 if it cannot be executed.
pid_t StartProcess(const Command& command);

// Waits for the process: its exit status, or 128 + signal; -1 if it is not a child.
int WaitForProcess(pid_t process);

// The stdout of a program that exits with 0; empty otherwise.
std::string OutputOf(const std::vector<std::string>& argv);

// Creates the folder and its parents with mode 0700 for the account. B105.
Status MakePrivateFolder(const std::string& path, const ServerAccountIds& owner);

}  // namespace ballast::scratch
