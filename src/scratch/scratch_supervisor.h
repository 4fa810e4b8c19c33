// SPDX-License-Identifier: Apache-2.0
// The process between ballast and its scratch server. It watches a socket pair whose other end only
// ballast has: when ballast ends in any way (return, Ctrl-C, SIGKILL), the socket closes, and the
// supervisor stops the server and removes the folder. If the supervisor itself is killed, the
// kernel stops the server (PR_SET_PDEATHSIG), and the next start removes the folder.
#pragma once

#include <sys/types.h>

#include <utility>

#include "base/result.h"
#include "scratch/child_process.h"
#include "scratch/scratch_folder.h"

namespace ballast::scratch {

class ScratchSupervisor {
 public:
  // Takes ownership of the folder (its lock passes to the supervisor) and starts `server` under a
  // supervisor. B601 if no process can be created. Does not wait for the server to be ready.
  static Result<ScratchSupervisor> Start(const ScratchFolder& folder, const Command& server);
  ~ScratchSupervisor() { Stop(); }
  ScratchSupervisor(ScratchSupervisor&& other) noexcept
      : supervisor_(other.supervisor_),
        leash_(std::exchange(other.leash_, -1)),
        owner_(other.owner_) {}
  ScratchSupervisor& operator=(ScratchSupervisor&& other) noexcept {
    std::swap(supervisor_, other.supervisor_);
    std::swap(leash_, other.leash_);
    std::swap(owner_, other.owner_);
    return *this;
  }

  // Stops the server and waits until the server and its folder are removed. Does nothing in a
  // forked child.
  void Stop();

  // False after the server has ended on its own.
  bool IsRunning();

  pid_t process() const { return supervisor_; }

 private:
  ScratchSupervisor(pid_t supervisor, int leash) : supervisor_(supervisor), leash_(leash) {}

  pid_t supervisor_ = 0;
  int leash_ = -1;
  pid_t owner_ = ThisProcess();

  static pid_t ThisProcess();
};

}  // namespace ballast::scratch
