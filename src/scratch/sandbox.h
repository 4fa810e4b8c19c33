// SPDX-License-Identifier: Apache-2.0
// Confines a scratch server: whatever a history makes it do, it starts no program, reaches no
// network and no other server, and touches no file outside of its own folder. Landlock (Linux 5.13)
// controls files and programs, a seccomp filter everything else. Both hold for the server and all
// of its processes, for good, and need no privileges.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ballast::scratch {

class Sandbox {
 public:
  // For the server program of that path, which may write in `folder` alone, and read besides it
  // only the libraries and shared data of the system and of its own installation.
  Sandbox(const std::string& program, const std::string& folder);

  // Confines the calling process. System calls only, so that a process that was just forked may
  // call it. False: the kernel refuses, and the process must not go on.
  bool Enter() const;

  // Why this machine confines nothing: a reason that completes "because …"; empty: it does. Tried
  // once, in a process of its own.
  static const std::string& Unavailable();

  // The version of Landlock that the kernel has; 0: none.
  static int LandlockVersion();

 private:
  friend class SandboxPeer;

  // What may be done below a path, as bits of LANDLOCK_ACCESS_FS_*.
  struct Rule {
    std::string path;
    uint64_t access = 0;
  };
  Sandbox(const std::string& program, const std::string& folder, int version);

  bool RestrictFiles() const;
  bool Allow(int ruleset, const Rule& rule) const;

  int version_ = 0;
  uint64_t handled_ = 0;
  std::vector<Rule> rules_;
  std::vector<sock_filter> filter_;
};

}  // namespace ballast::scratch
