// SPDX-License-Identifier: Apache-2.0
// A seccomp filter for a confined process. It forbids network access, connections to sockets,
// access to other processes, changes of mounts, namespaces, owners and modes, and rarely used
// kernel interfaces.
#pragma once

#include <linux/filter.h>

#include <vector>

namespace ballast::scratch {

struct SyscallFilterOptions {
  // Refuses truncate(2) with ENOENT, for kernels whose Landlock does not control it (before 6.2).
  // PostgreSQL then frees the space of a dropped table later.
  bool without_truncate = false;
};

// The filter program; empty on architectures other than x86-64 and AArch64. chmod(2) and similar
// calls appear to succeed without effect: PostgreSQL sets the mode of its socket, which the
// folder's mode already protects.
std::vector<sock_filter> SyscallFilter(const SyscallFilterOptions& options);

// Installs it permanently for this process and its children. Makes only system calls. False: the
// kernel refused.
bool InstallSyscallFilter(const std::vector<sock_filter>& program);

}  // namespace ballast::scratch
