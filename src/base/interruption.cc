// SPDX-License-Identifier: Apache-2.0
#include "base/interruption.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>

namespace ballast {
namespace {

constexpr int kSignals[] = {SIGTERM, SIGINT, SIGHUP};

// Shared with the signal handler: lock-free, because it can run at any time.
std::atomic<int> requested{0};
std::atomic<int64_t> requested_at{0};  // milliseconds of CLOCK_MONOTONIC
std::atomic<int> descriptor{-1};
std::atomic<pid_t> forward_to{0};
static_assert(std::atomic<int>::is_always_lock_free);
static_assert(std::atomic<int64_t>::is_always_lock_free);

// One request can arrive as several signals: a terminal and a launcher such as npx both send it.
constexpr int64_t kSameRequest = 1000;  // ms

int64_t Now() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

void Handle(int signal_number, siginfo_t* info, void*) {
  const int saved = errno;
  const pid_t child = forward_to;
  const bool from_terminal = info != nullptr && info->si_code == SI_KERNEL;
  if (child > 0 && from_terminal) return;
  int64_t first = 0;
  if (!requested_at.compare_exchange_strong(first, Now())) {
    if (Now() - first < kSameRequest) return;
    if (child > 0) kill(child, SIGKILL);
    _exit(128 + signal_number);
  }
  requested = signal_number;
  if (child > 0) kill(child, signal_number);
  const uint64_t one = 1;
  (void)!write(descriptor, &one, sizeof one);
  errno = saved;
}

bool IsIgnored(int signal_number) {
  struct sigaction old {};
  return sigaction(signal_number, nullptr, &old) == 0 && old.sa_handler == SIG_IGN;
}

}  // namespace

void Interruption::Install() {
  descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action {};
  action.sa_sigaction = &Handle;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  for (const int number : kSignals) {
    if (number == SIGHUP && IsIgnored(number)) continue;  // nohup
    sigaction(number, &action, nullptr);
  }
}

int Interruption::Signal() {
  return requested;
}

int Interruption::Descriptor() {
  return descriptor;
}

bool Interruption::WaitFor(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!Requested()) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    pollfd inbox{descriptor, POLLIN, 0};  // a negative one is passed over
    poll(&inbox, 1, static_cast<int>(left.count()));
  }
  return Requested();
}

std::string Interruption::SignalName() {
  switch (Signal()) {
    case SIGINT:
      return "SIGINT";
    case SIGHUP:
      return "SIGHUP";
    default:
      return "SIGTERM";
  }
}

Error Interruption::AsError() {
  return MakeError(ErrorCode::kInterrupted, "interrupted by " + SignalName());
}

void Interruption::ForwardTo(pid_t process) {
  forward_to = process;
}

void Interruption::Uninstall() {
  for (const int number : kSignals) {
    if (!IsIgnored(number)) signal(number, SIG_DFL);
  }
}

}  // namespace ballast
