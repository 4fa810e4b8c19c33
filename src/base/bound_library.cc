// SPDX-License-Identifier: Apache-2.0
#include "base/bound_library.h"

namespace ballast {

#ifdef BALLAST_STATIC

void* OpenLibrary(const char* /*file*/, int /*binding*/) {
  static char linked;  // only its address counts: Bind does not look into it
  return &linked;
}

#else

void* OpenLibrary(const char* file, int binding) {
  return dlopen(file, binding | RTLD_LOCAL);
}

#endif

}  // namespace ballast
