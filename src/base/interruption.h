// SPDX-License-Identifier: Apache-2.0
// Termination requests by signal (SIGTERM, SIGINT, SIGHUP). The first one is recorded, and every
// wait checks for it and returns. Signals within a second are one request, because a terminal and a
// launcher (npx) can both send it. A later one ends the process at once.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "base/error.h"

namespace ballast {

class Interruption {
 public:
  // Installs the handlers. main() calls it once, before other threads exist. A process that never
  // calls it is never interrupted.
  static void Install();

  // The signal that requested termination, or 0.
  static int Signal();
  static bool Requested() { return Signal() != 0; }

  // A descriptor that becomes readable for poll(2) when a signal arrives; do not read from it. -1
  // before Install().
  static int Descriptor();

  // Waits for `time` or until a signal arrives; returns whether one arrived.
  static bool WaitFor(std::chrono::milliseconds time);

  // "SIGTERM".
  static std::string SignalName();

  // B901, which a function returns when it stops because of a signal.
  static Error AsError();

  // Forwards later signals to `process`; 0 stops forwarding. SIGINT from the terminal's Ctrl-C is
  // not forwarded, because the terminal sends it to the whole process group.
  static void ForwardTo(pid_t process);

  // Restores the original handlers; for a forked child.
  static void Uninstall();
};

}  // namespace ballast
