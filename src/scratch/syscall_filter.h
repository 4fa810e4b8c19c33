// SPDX-License-Identifier: Apache-2.0
// The system calls that a confined process may not make, as a seccomp filter: no network, no
// connection to any socket, no look into other processes, no change of mounts, namespaces, owners
// or modes, and none of the kernel's seldom used interfaces.
#pragma once

#include <linux/filter.h>

#include <vector>

namespace ballast::scratch {

struct SyscallFilterOptions {
  // Refuses truncate(2), which looks to its caller as if the file were not there: for kernels whose
  // Landlock does not control it (before 6.2). PostgreSQL frees the space of a dropped table later
  // then.
  bool without_truncate = false;
};

// The filter's program; empty on architectures other than x86-64 and AArch64. chmod(2) and its kin
// appear to succeed and change nothing: PostgreSQL sets the mode of its socket, which the mode of
// its folder protects already.
std::vector<sock_filter> SyscallFilter(const SyscallFilterOptions& options);

// Installs it for this process and its children, for good. System calls only. False: refused.
bool InstallSyscallFilter(const std::vector<sock_filter>& program);

}  // namespace ballast::scratch
