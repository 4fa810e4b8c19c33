// SPDX-License-Identifier: Apache-2.0
// Confines a scratch server: migrations cannot start programs, use the network, connect to other
// servers, or access files outside the server's folder. Landlock (Linux 5.13) controls files and
// programs; a seccomp filter controls system calls. Both apply permanently to the server and all of
// its processes, and need no privileges.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ballast::scratch {

class Sandbox {
 public:
  // For the server program at that path. It may write only in `folder`, and read only there, in
  // system libraries and shared data, and in its own installation.
  Sandbox(const std::string& program, const std::string& folder);

  // Confines the calling process. Makes only system calls, so that a forked process may call it.
  // False: the kernel refused, and the process must not continue.
  bool Enter() const;

  // Why this machine cannot confine processes, as a completion of "because …"; empty: it can. Tried
  // once, in a separate process.
  static const std::string& Unavailable();

  // The kernel's Landlock version; 0: none.
  static int LandlockVersion();

 private:
  friend class SandboxPeer;

  // Permissions below a path, as bits of LANDLOCK_ACCESS_FS_*.
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
