// SPDX-License-Identifier: Apache-2.0
// BALLAST_CHECK asserts an invariant of the program; it is never used for input. If the invariant
// does not hold, it prints it and exits with status 70.
#pragma once

namespace ballast {

[[noreturn]] void CheckFailed(const char* promise, const char* file, int line);

}  // namespace ballast

#define BALLAST_CHECK(promise) \
  ((promise) ? static_cast<void>(0) : ::ballast::CheckFailed(#promise, __FILE__, __LINE__))
