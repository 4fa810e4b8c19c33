// SPDX-License-Identifier: Apache-2.0
// BALLAST_CHECK is for our own promises, never for input: it prints the broken one and ends
// with 70.
#pragma once

namespace ballast {

[[noreturn]] void CheckFailed(const char* promise, const char* file, int line);

}  // namespace ballast

#define BALLAST_CHECK(promise) \
  ((promise) ? static_cast<void>(0) : ::ballast::CheckFailed(#promise, __FILE__, __LINE__))
