// SPDX-License-Identifier: Apache-2.0
// The private folder of a scratch server. It is locked as long as its owner lives; an unlocked
// folder was left behind by a killed process.
#pragma once

#include <string>

#include "base/result.h"
#include "scratch/child_process.h"

namespace ballast::scratch {

// Plain values, so that the supervisor process can use them after a fork.
struct ScratchFolder {
  std::string path;  // "/tmp/ballast-scratch-Xy12ab": short enough for a Unix socket within
  int lock = -1;     // an open, locked file; every process that holds it is an owner

  std::string Data() const { return path + "/data"; }
  std::string Log() const { return path + "/server.log"; }
};

// Creates a folder for the account: in BALLAST_SCRATCH_DIR, else in /dev/shm if it has enough
// space, else in TMPDIR or /tmp (the first that is writable and has a path short enough for
// sockets). B105.
Result<ScratchFolder> MakeScratchFolder(const ServerAccountIds& account);

// Whether it has too little space for a server: less than 64 MB free.
bool IsFull(const ScratchFolder& folder);

// Stops the server that may still run in it, and removes everything. For owners only.
void RemoveScratchFolder(const ScratchFolder& folder);

// Removes all folders of this user whose owners are dead; returns their number.
int SweepScratchFolders();

// The process id of the server with this data folder; 0 if none runs.
pid_t ServerProcessIn(const std::string& data);

}  // namespace ballast::scratch
