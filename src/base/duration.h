// SPDX-License-Identifier: Apache-2.0
// Durations in options and in ballast.toml.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ballast {

// A duration in PostgreSQL's notation, in milliseconds: "1500", "1500ms", "30s", "5min", "1h",
// "7d"; "5m" is the same as "5min". Blanks around number and unit are ignored. No value for other
// texts.
std::optional<int64_t> ParseMilliseconds(std::string_view text);

// "2 s"; "1500 ms" if it is not a number of seconds.
std::string DurationInWords(std::chrono::milliseconds time);

}  // namespace ballast
