// SPDX-License-Identifier: Apache-2.0
// The private folder of one scratch server. It is locked as long as its owner lives, so whatever
// lies unlocked was left behind by a process that was killed.
#pragma once

#include <string>

#include "base/result.h"
#include "scratch/child_process.h"

namespace ballast::scratch {

// Plain values, so that the keeper process can use them after a fork.
struct ScratchFolder {
  std::string path;  // "/tmp/ballast-scratch-Xy12ab": short enough for a Unix socket within
  int lock = -1;     // an open, locked file; every process that holds it is an owner

  std::string Data() const { return path + "/data"; }
  std::string Log() const { return path + "/server.log"; }
};

// A new one, of the account's: in BALLAST_SCRATCH_DIR, else in /dev/shm if that is roomy, else in
// TMPDIR or /tmp (the first that can be written and has a short enough name for sockets). B105.
Result<ScratchFolder> MakeScratchFolder(const RunAs& account);

// Whether no server would find room there: less than 64 MB are free.
bool IsFull(const ScratchFolder& folder);

// Ends the server that still runs in it, if any, and removes everything. For owners only.
void RemoveScratchFolder(const ScratchFolder& folder);

// Removes every folder of this user's whose owners are dead; gives how many.
int SweepScratchFolders();

// The process id of the server whose data folder this is; 0 when none runs there.
pid_t ServerProcessIn(const std::string& data);

}  // namespace ballast::scratch
