// SPDX-License-Identifier: Apache-2.0
// For tests of refusals.
#pragma once

#include <string>

#include "base/error.h"

namespace ballast {

// The code of a Status's or Result's error: "B402"; "" if it succeeded.
template <class Outcome>
std::string ErrorCodeOf(const Outcome& outcome) {
  return outcome.ok() ? "" : std::string(CodeOf(outcome.error().code));
}

}  // namespace ballast
