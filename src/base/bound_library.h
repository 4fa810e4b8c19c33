// SPDX-License-Identifier: Apache-2.0
// Libraries that are loaded when a command first needs them (docs/decisions/0006). Their functions
// become members of a struct, with their own names and the types that their headers give. In the
// static program (BALLAST_STATIC) the functions are linked, and loading cannot fail.
#pragma once

#include <dlfcn.h>

namespace ballast {

#define BALLAST_BOUND_MEMBER(name) decltype(&::name) name = nullptr;

// FUNCTIONS(X) expands to X(function) for each function.
#define BALLAST_BOUND_LIBRARY(Struct, FUNCTIONS) \
  struct Struct {                                \
    FUNCTIONS(BALLAST_BOUND_MEMBER)              \
    bool Bind(void* library);                    \
  }

#ifdef BALLAST_STATIC
#define BALLAST_BIND_MEMBER(name) name = &::name;
#else
#define BALLAST_BIND_MEMBER(name)                                 \
  name = reinterpret_cast<decltype(name)>(dlsym(library, #name)); \
  if (name == nullptr) return false;
#endif

// Defines Bind, in one source file: it returns false if the library lacks a function.
#define BALLAST_DEFINE_BIND(Struct, FUNCTIONS)        \
  bool Struct::Bind([[maybe_unused]] void* library) { \
    FUNCTIONS(BALLAST_BIND_MEMBER)                    \
    return true;                                      \
  }

// Loads the library and never unloads it. `binding` is RTLD_LAZY or RTLD_NOW. Returns what Bind
// takes, or null if the library is not installed.
void* OpenLibrary(const char* file, int binding);

// Returns false if the library is not installed or lacks a function.
template <typename Library>
bool LoadBound(const char* file, int binding, Library& library) {
  void* const loaded = OpenLibrary(file, binding);
  return loaded != nullptr && library.Bind(loaded);
}

}  // namespace ballast
