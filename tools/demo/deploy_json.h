// SPDX-License-Identifier: Apache-2.0
// What `ballast … --output json` printed.
#pragma once

#include <optional>
#include <string>

namespace ballast::demo {

struct Printed {
  int round_trips = 0;
  double duration_ms = 0;
  std::string error;  // code and message; empty: none
};

std::optional<Printed> ParsePrinted(const std::string& json);

}  // namespace ballast::demo
