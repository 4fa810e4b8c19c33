// SPDX-License-Identifier: Apache-2.0
#include "scratch/scratch_supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace ballast::scratch {
namespace {

// The supervisor also watches for the server's end and for termination signals.
sigset_t WatchedSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, number);
  return signals;
}

// Releases what came with the fork: the terminal, ballast's output, its files and connections.
void Detach(int* leash, int* lock) {
  setsid();
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  const sigset_t signals = WatchedSignals();
  sigprocmask(SIG_SETMASK, &signals, nullptr);
  *leash = fcntl(*leash, F_DUPFD_CLOEXEC, 3);
  *lock = fcntl(*lock, F_DUPFD_CLOEXEC, 3);
  const int nothing = open("/dev/null", O_RDWR);
  for (int standard = 0; standard < 3; ++standard) dup2(nothing, standard);
  const auto [low, high] = std::minmax(*leash, *lock);
  if (low > 3) close_range(3, static_cast<unsigned>(low) - 1, 0);
  if (high > low + 1) {
    close_range(static_cast<unsigned>(low) + 1, static_cast<unsigned>(high) - 1, 0);
  }
  close_range(static_cast<unsigned>(high) + 1, ~0U, 0);
}

bool HasEnded(pid_t server) {
  return waitpid(server, nullptr, WNOHANG) != 0;
}

// Returns when the socket closes or a signal arrives; true if the server has ended on its own.
bool Watch(pid_t server, int leash) {
  const sigset_t signals = WatchedSignals();
  const int inbox = signalfd(-1, &signals, SFD_CLOEXEC);
  std::array<pollfd, 2> watched{{{leash, POLLIN, 0}, {inbox, POLLIN, 0}}};
  for (;;) {
    if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) return false;
    if (watched[0].revents != 0) return false;
    signalfd_siginfo received{};
    if (watched[1].revents == 0 || read(inbox, &received, sizeof(received)) < 0) continue;
    if (received.ssi_signo != SIGCHLD) return false;
    if (HasEnded(server)) return true;
  }
}

// An immediate shutdown (PostgreSQL manual, "Shutting Down the Server"): no checkpoint is needed.
void StopServer(pid_t server) {
  const sigset_t signals = WatchedSignals();
  const timespec timeout{5, 0};
  kill(server, SIGQUIT);
  while (!HasEnded(server)) {
    if (sigtimedwait(&signals, nullptr, &timeout) >= 0 || errno == EINTR) continue;
    kill(server, SIGKILL);
    waitpid(server, nullptr, 0);
    return;
  }
}

// The supervisor's own children, as listed by the kernel: processes of the server that outlived it,
// and whatever migrations started. Kills each; returns whether there were any.
bool KillChildren() {
  const int list = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  std::array<char, 4096> text{};
  const ssize_t size = list < 0 ? 0 : read(list, text.data(), text.size());
  if (list >= 0) close(list);
  pid_t process = 0;
  bool found = false;
  for (ssize_t at = 0; at < size; ++at) {
    if (text.at(static_cast<size_t>(at)) != ' ') {
      process = process * 10 + (text.at(static_cast<size_t>(at)) - '0');
      continue;
    }
    found = kill(process, SIGKILL) == 0 || found;
    process = 0;
  }
  return found;
}

// Leaves no process behind, however often they fork: children of a killed process are adopted.
void EndDescendants() {
  constexpr int kRounds = 1000;
  for (int round = 0; round < kRounds; ++round) {
    if (!KillChildren()) return;
    while (waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    constexpr timespec kPause{0, 1'000'000};
    nanosleep(&kPause, nullptr);
  }
}

// The end of the supervisor. The lock is removed last, so that the next sweep recognizes an
// interrupted removal.
Command Removal(const ScratchFolder& folder) {
  Command removal;
  removal.argv = {"/bin/rm", "-rf", "--", folder.Data(), folder.path};
  return removal;
}

// Makes only system calls, because another thread may have held any lock during the fork. A folder
// that cannot be removed is left to the next sweep.
[[noreturn]] void Keep(int lock, const PreparedCommand& command, const PreparedCommand& removal,
                       int leash) {
  Detach(&leash, &lock);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t server = command.Start();
  if (server > 0 && !Watch(server, leash)) {
    StopServer(server);
  } else {
    // The server ended on its own: ballast is notified, and the log is kept until ballast has read
    // it.
    shutdown(leash, SHUT_WR);
    char cut = 0;
    while (read(leash, &cut, 1) < 0 && errno == EINTR) {
    }
  }
  EndDescendants();
  fcntl(lock, F_SETFD, 0);  // held until the folder was removed
  removal.Become();
  _exit(1);
}

}  // namespace

Result<ScratchSupervisor> ScratchSupervisor::Start(const ScratchFolder& folder,
                                                   const Command& server) {
  const Command removal = Removal(folder);
  const PreparedCommand prepared(server);
  const PreparedCommand prepared_removal(removal);
  std::array<int, 2> ends{};
  const bool linked = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0;
  const pid_t supervisor = linked ? fork() : -1;
  if (supervisor == 0) {
    close(ends[1]);
    Keep(folder.lock, prepared, prepared_removal, ends[0]);
  }
  if (supervisor < 0) {
    return MakeError(ErrorCode::kScratchFailed,
                     std::string("no process for the scratch server: ") + std::strerror(errno),
                     "raise the limits of processes and open files (ulimit -u, ulimit -n), or name "
                     "a server: --scratch-url");
  }
  close(ends[0]);
  close(folder.lock);
  return ScratchSupervisor(supervisor, ends[1]);
}

pid_t ScratchSupervisor::ThisProcess() {
  return getpid();
}

void ScratchSupervisor::Stop() {
  if (leash_ < 0) return;
  close(std::exchange(leash_, -1));
  if (owner_ == getpid()) WaitForProcess(supervisor_);
}

bool ScratchSupervisor::IsRunning() {
  pollfd leash{leash_, POLLIN, 0};
  return leash_ >= 0 && poll(&leash, 1, 0) == 0;
}

}  // namespace ballast::scratch
