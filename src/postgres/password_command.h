// SPDX-License-Identifier: Apache-2.0
// Passwords printed by a command, for short-lived credentials such as RDS tokens or vault secrets.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"

namespace ballast::postgres {

inline constexpr std::chrono::milliseconds kPasswordCommandLimit{30'000};

// What a command is called in errors, and how to correct it.
struct CommandWords {
  std::string name = "the password command";
  std::string hint =
      "run it by hand; it is password_command in ballast.toml or BALLAST_PASSWORD_COMMAND, and has "
      "to print the password on stdout";
};

// Runs the command with /bin/sh -c in this process's environment and folder, without input, and
// returns its stdout without the final newline. Its stderr is discarded, because it may contain the
// secret. P1000 if it fails, prints nothing, more than 64 KiB, several lines or a NUL byte, or
// exceeds the time limit; then its whole process group is killed. B901 on a termination request.
Result<std::string> RunPasswordCommand(const std::string& command,
                                       std::chrono::milliseconds limit = kPasswordCommandLimit,
                                       const CommandWords& words = {});

}  // namespace ballast::postgres
