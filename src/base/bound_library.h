// SPDX-License-Identifier: Apache-2.0
// Shared libraries that are loaded when they are first needed (docs/decisions/0006): their
// functions as members of a struct, under their own names and with the types that their headers
// give.
#pragma once

#include <dlfcn.h>

namespace ballast {

#define BALLAST_BOUND_MEMBER(name) decltype(&::name) name = nullptr;
#define BALLAST_BIND_MEMBER(name)                                 \
  name = reinterpret_cast<decltype(name)>(dlsym(library, #name)); \
  if (name == nullptr) return false;

// FUNCTIONS(X) is X(function) for each of them. Bind is false where the library lacks one.
#define BALLAST_BOUND_LIBRARY(Struct, FUNCTIONS) \
  struct Struct {                                \
    FUNCTIONS(BALLAST_BOUND_MEMBER)              \
    bool Bind(void* library) {                   \
      FUNCTIONS(BALLAST_BIND_MEMBER)             \
      return true;                               \
    }                                            \
  }

// Loads the library, for good. `binding`: RTLD_LAZY or RTLD_NOW. False where it is not on this
// machine, or lacks a function.
template <typename Library>
bool LoadBound(const char* file, int binding, Library& library) {
  void* const loaded = dlopen(file, binding | RTLD_LOCAL);
  return loaded != nullptr && library.Bind(loaded);
}

}  // namespace ballast
