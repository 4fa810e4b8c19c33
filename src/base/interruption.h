// SPDX-License-Identifier: Apache-2.0
// Requests to end that come as signals (SIGTERM, SIGINT, SIGHUP). The first one is noted, and all
// that waits looks here and gives up in order; the second one ends the process at once.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>

#include "base/error.h"

namespace ballast {

class Interruption {
 public:
  // Handles the signals from here on; for main(), once, before there are threads. A process that
  // never calls it is never interrupted.
  static void Install();

  // The signal that asked to end; 0: none did.
  static int Signal();
  static bool Requested() { return Signal() != 0; }

  // Readable, for poll(2), as soon as one did; never to be read from. -1 without Install.
  static int Descriptor();

  // Waits for that long, or until one does; whether one did.
  static bool WaitFor(std::chrono::milliseconds time);

  // "SIGTERM".
  static std::string SignalName();

  // B901: what a function returns that gave up.
  static Error AsError();

  // From here on signals go to that process (0: to none again) instead. What the terminal sent by
  // Ctrl-C has reached it already, and does not count.
  static void ForwardTo(pid_t process);

  // For a forked child: the signals mean again what they meant at the start.
  static void Uninstall();
};

}  // namespace ballast
