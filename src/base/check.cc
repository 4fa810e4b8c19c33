// SPDX-License-Identifier: Apache-2.0
#include "base/check.h"

#include <cstdio>
#include <cstdlib>

#include "base/error_codes.h"

namespace ballast {

void CheckFailed(const char* promise, const char* file, int line) {
  std::fprintf(stderr, "B900: an internal check failed (%s) at %s:%d\n", promise, file, line);
#ifdef BALLAST_FUZZ
  std::abort();  // so that the fuzzer keeps the input
#else
  std::_Exit(static_cast<int>(ExitStatus::kBug));
#endif
}

}  // namespace ballast
