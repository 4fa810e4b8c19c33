// SPDX-License-Identifier: Apache-2.0
#include "scratch/syscall_filter.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ballast::scratch {
namespace {

#if defined(__x86_64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr uint32_t kArchitecture = 0;
#endif

// Numbers that older headers lack; from 424 on, they are the same on every architecture.
constexpr uint32_t kQuotactlFd = 443;
constexpr uint32_t kFchmodat2 = 452;
constexpr uint32_t kSetxattrat = 463;
constexpr uint32_t kRemovexattrat = 466;
constexpr uint32_t kOpenTreeAttr = 467;
constexpr uint32_t kFileSetattr = 469;

// Refused with EPERM.
constexpr uint32_t kRefused[] = {
    // The network, and sockets of other servers. Accepting connections and answering remain
    // possible.
    SYS_connect,
    SYS_sendmsg,
    SYS_sendmmsg,
    // Other processes.
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_process_madvise,
    SYS_kcmp,
    SYS_pidfd_open,
    SYS_pidfd_getfd,
    SYS_pidfd_send_signal,
    SYS_setpriority,
    SYS_ioprio_set,
    SYS_sched_setscheduler,
    SYS_sched_setparam,
    SYS_sched_setattr,
    SYS_sched_setaffinity,
    SYS_migrate_pages,
    // Mounts and namespaces.
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_move_mount,
    SYS_open_tree,
    SYS_fsopen,
    SYS_fsconfig,
    SYS_fsmount,
    SYS_fspick,
    SYS_mount_setattr,
    SYS_unshare,
    SYS_setns,
    kOpenTreeAttr,
    // Owners, attributes and times of files, which Landlock does not control.
    SYS_fchown,
    SYS_fchownat,
    SYS_setxattr,
    SYS_lsetxattr,
    SYS_fsetxattr,
    SYS_removexattr,
    SYS_lremovexattr,
    SYS_fremovexattr,
    kSetxattrat,
    kRemovexattrat,
    kFileSetattr,
    SYS_utimensat,
    SYS_mknodat,
    SYS_open_by_handle_at,
    SYS_name_to_handle_at,
    SYS_fanotify_init,
    // Kernel interfaces that no database needs and that have been used for escapes.
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_personality,
    SYS_mq_open,
    SYS_mq_unlink,
    SYS_msgget,
    SYS_msgctl,
    SYS_msgsnd,
    SYS_msgrcv,
    // The machine itself.
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_quotactl,
    kQuotactlFd,
    SYS_acct,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_clock_adjtime,
    SYS_adjtimex,
    SYS_sethostname,
    SYS_setdomainname,
    SYS_syslog,
    SYS_vhangup,
#if defined(__x86_64__)
    SYS_chown,
    SYS_lchown,
    SYS_utime,
    SYS_utimes,
    SYS_futimesat,
    SYS_mknod,
    SYS_iopl,
    SYS_ioperm,
    SYS_modify_ldt,
#endif
};

// Reported as successful, but not executed.
constexpr uint32_t kPretended[] = {
    SYS_fchmod,
    SYS_fchmodat,
    kFchmodat2,
#if defined(__x86_64__)
    SYS_chmod,
#endif
};

constexpr uint32_t kNamespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

constexpr uint32_t Refusal(int error) {
  return SECCOMP_RET_ERRNO | (static_cast<uint32_t>(error) & SECCOMP_RET_DATA);
}

// Writes the program; the accumulator keeps the system call's number between rules.
class Writer {
 public:
  void Begin() {
    Load(offsetof(seccomp_data, arch));
    Jump(BPF_JEQ, kArchitecture, 1, 0);
    Return(SECCOMP_RET_KILL_PROCESS);
    Load(offsetof(seccomp_data, nr));
#if defined(__x86_64__)
    constexpr uint32_t kX32 = 0x40000000;
    Jump(BPF_JGE, kX32, 0, 1);
    Return(Refusal(EPERM));
#endif
  }
  void Answer(std::span<const uint32_t> calls, uint32_t answer) {
    for (const uint32_t call : calls) Answer(call, answer);
  }
  void Answer(uint32_t call, uint32_t answer) {
    Jump(BPF_JEQ, call, 0, 1);
    Return(answer);
  }
  // Allowed only if the argument's lower half passes the comparison.
  void AllowIf(uint32_t call, size_t argument, uint16_t comparison, uint32_t value) {
    Only(call, argument, comparison, value, true);
  }
  void RefuseIf(uint32_t call, size_t argument, uint16_t comparison, uint32_t value) {
    Only(call, argument, comparison, value, false);
  }
  // Allowed only if both halves of the argument are zero.
  void AllowIfNull(uint32_t call, size_t argument) {
    const uint32_t at = offsetof(seccomp_data, args) + static_cast<uint32_t>(argument * 8);
    Jump(BPF_JEQ, call, 0, 6);
    Load(at);
    Jump(BPF_JEQ, 0, 0, 3);
    Load(at + 4);
    Jump(BPF_JEQ, 0, 0, 1);
    Return(SECCOMP_RET_ALLOW);
    Return(Refusal(EPERM));
  }
  std::vector<sock_filter> End() {
    Return(SECCOMP_RET_ALLOW);
    return std::move(program_);
  }

 private:
  void Load(uint32_t offset) {
    program_.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
  }
  void Return(uint32_t answer) {
    program_.push_back(BPF_STMT(BPF_RET | BPF_K, answer));
  }
  void Jump(uint16_t comparison, uint32_t value, uint8_t if_so, uint8_t if_not) {
    program_.push_back(
        sock_filter{static_cast<uint16_t>(BPF_JMP | comparison | BPF_K), if_so, if_not, value});
  }
  void Only(uint32_t call, size_t argument, uint16_t comparison, uint32_t value, bool allow) {
    Jump(BPF_JEQ, call, 0, 4);
    Load(offsetof(seccomp_data, args) + static_cast<uint32_t>(argument * 8));
    Jump(comparison, value, 0, 1);
    Return(allow ? SECCOMP_RET_ALLOW : Refusal(EPERM));
    Return(allow ? Refusal(EPERM) : SECCOMP_RET_ALLOW);
  }

  std::vector<sock_filter> program_;
};

}  // namespace

std::vector<sock_filter> SyscallFilter(const SyscallFilterOptions& options) {
  if (kArchitecture == 0) return {};
  Writer writer;
  writer.Begin();
  writer.Answer(kRefused, Refusal(EPERM));
  writer.Answer(kPretended, Refusal(0));
  // The C library falls back to clone(2), whose flags a filter can check.
  writer.Answer(SYS_clone3, Refusal(ENOSYS));
#if defined(SYS_truncate)
  if (options.without_truncate) writer.Answer(SYS_truncate, Refusal(ENOENT));
#endif
  writer.RefuseIf(SYS_clone, 0, BPF_JSET, kNamespaces);
  writer.AllowIf(SYS_socket, 0, BPF_JEQ, AF_UNIX);
  writer.AllowIf(SYS_socketpair, 0, BPF_JEQ, AF_UNIX);
  writer.AllowIfNull(SYS_sendto, 4);             // no address: over a connection
  writer.AllowIf(SYS_prlimit64, 0, BPF_JEQ, 0);  // its own limits
  writer.RefuseIf(SYS_kill, 0, BPF_JEQ, static_cast<uint32_t>(-1));  // everybody
  return writer.End();
}

bool InstallSyscallFilter(const std::vector<sock_filter>& program) {
  sock_fprog filter{static_cast<unsigned short>(program.size()),
                    const_cast<sock_filter*>(program.data())};
  // Without SPEC_ALLOW, kernels before 5.16 also disable speculation, which slows everything down.
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &filter) ==
         0;
}

}  // namespace ballast::scratch
