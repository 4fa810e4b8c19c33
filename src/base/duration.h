// SPDX-License-Identifier: Apache-2.0
// Durations in options and in ballast.toml.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ballast {

// A duration in PostgreSQL's notation, in milliseconds: "1500", "1500ms", "30s", "5min", "1h",
// "7d"; "5m" is the same as "5min". Blanks around number and unit are ignored. No value for other
// texts.
std::optional<int64_t> ParseMilliseconds(std::string_view text);

}  // namespace ballast
