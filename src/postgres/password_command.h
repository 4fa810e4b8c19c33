// SPDX-License-Identifier: Apache-2.0
// Passwords that a command prints, for credentials that live for minutes: an RDS token, a secret
// from a vault.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"

namespace ballast::postgres {

inline constexpr std::chrono::milliseconds kPasswordCommandLimit{30'000};

// Runs the command with /bin/sh -c, in this process's environment and folder, without input, and
// gives what it printed on stdout without the newline at its end. What it printed on stderr is
// thrown away, for it may hold the secret. P1000 when it ends with another status than 0, prints
// nothing, more than 64 KiB, several lines or a NUL byte, or takes longer than the limit; then it
// is killed with all that it started. B901 when ballast is asked to end meanwhile.
Result<std::string> RunPasswordCommand(const std::string& command,
                                       std::chrono::milliseconds limit = kPasswordCommandLimit);

}  // namespace ballast::postgres
