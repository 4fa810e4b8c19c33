// SPDX-License-Identifier: Apache-2.0
// The process between ballast and its scratch server. It holds one end of a leash (a socket
// pair) whose other end only ballast has: however ballast ends (return, Ctrl-C, SIGKILL), the leash
// is cut, and the keeper
// stops the server and removes the folder. Should the keeper itself be killed, the kernel stops the
// server (PR_SET_PDEATHSIG), and the next start sweeps the folder away.
#pragma once

#include <sys/types.h>

#include <utility>

#include "base/result.h"
#include "scratch/child_process.h"
#include "scratch/scratch_folder.h"

namespace ballast::scratch {

class ScratchKeeper {
 public:
  // Takes the folder over (its lock is closed here and lives on in the keeper) and starts `server`
  // under a keeper. B601 when no process can be made; whether the server comes up is not waited
  // for.
  static Result<ScratchKeeper> Start(const ScratchFolder& folder, const Command& server);
  ~ScratchKeeper() { Stop(); }
  ScratchKeeper(ScratchKeeper&& other) noexcept
      : keeper_(other.keeper_), leash_(std::exchange(other.leash_, -1)), owner_(other.owner_) {}
  ScratchKeeper& operator=(ScratchKeeper&& other) noexcept {
    std::swap(keeper_, other.keeper_);
    std::swap(leash_, other.leash_);
    std::swap(owner_, other.owner_);
    return *this;
  }

  // Stops the server and waits until it and its folder are gone. Only the process that started it
  // does so; in a forked child this does nothing.
  void Stop();

  // False once the server has ended by itself.
  bool IsRunning();

  pid_t process() const { return keeper_; }

 private:
  ScratchKeeper(pid_t keeper, int leash) : keeper_(keeper), leash_(leash) {}

  pid_t keeper_ = 0;
  int leash_ = -1;
  pid_t owner_ = ThisProcess();

  static pid_t ThisProcess();
};

}  // namespace ballast::scratch
