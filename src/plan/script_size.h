// SPDX-License-Identifier: Apache-2.0
// The limit for what must be sent to the server in one message.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "plan/plan.h"

namespace ballast::plan {

// In bytes. A message of this size needs several times as much memory, because libpq copies it.
inline constexpr size_t kLongestMessage = size_t{40} << 20;

// B306 with the line of the first part that is too large. `divisible`: the script can be sent in
// several messages, between its statements; otherwise it must be sent as a whole.
std::optional<Refusal> RefuseOversized(std::string_view name, std::string_view script,
                                       bool divisible);

// The same as an error, for scripts that Decide has not seen.
Status CheckSize(std::string_view name, std::string_view script, bool divisible);

// Whether a script that runs in this mode is divisible.
bool IsDivisible(ScriptMode mode);

}  // namespace ballast::plan
