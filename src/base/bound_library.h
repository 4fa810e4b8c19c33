// SPDX-License-Identifier: Apache-2.0
// Libraries that are loaded when a command first needs them (docs/decisions/0006). Their functions
// become members of a struct, with their own names and the types that their headers give. In the
// static program (BALLAST_STATIC) the functions are linked, and loading cannot fail.
#pragma once

#include <dlfcn.h>

namespace ballast {

#ifdef BALLAST_STATIC
#define BALLAST_BIND_MEMBER(name) name = &::name;
#else
#define BALLAST_BIND_MEMBER(name)                                 \
  name = reinterpret_cast<decltype(name)>(dlsym(library, #name)); \
  if (name == nullptr) return false;
#endif
#define BALLAST_BOUND_MEMBER(name) decltype(&::name) name = nullptr;

// FUNCTIONS(X) expands to X(function) for each function. Bind returns false if the library lacks
// one of them.
#define BALLAST_BOUND_LIBRARY(Struct, FUNCTIONS) \
  struct Struct {                                \
    FUNCTIONS(BALLAST_BOUND_MEMBER)              \
    bool Bind([[maybe_unused]] void* library) {  \
      FUNCTIONS(BALLAST_BIND_MEMBER)             \
      return true;                               \
    }                                            \
  }

// Loads the library and never unloads it. `binding` is RTLD_LAZY or RTLD_NOW. Returns false if the
// library is not installed or lacks a function.
template <typename Library>
bool LoadBound([[maybe_unused]] const char* file, [[maybe_unused]] int binding, Library& library) {
#ifdef BALLAST_STATIC
  return library.Bind(nullptr);
#else
  void* const loaded = dlopen(file, binding | RTLD_LOCAL);
  return loaded != nullptr && library.Bind(loaded);
#endif
}

}  // namespace ballast
