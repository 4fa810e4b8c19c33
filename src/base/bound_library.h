// SPDX-License-Identifier: Apache-2.0
// Libraries that are loaded when a command first needs them (docs/decisions/0006). Their functions
// become members of a struct, with their own names and the types that their headers give. Published
// programs link some of these libraries (BALLAST_LINKED_LIBRARIES); then nothing is loaded.
#pragma once

#include <dlfcn.h>

namespace ballast {

#define BALLAST_BOUND_MEMBER(name) decltype(&::name) name = nullptr;

// FUNCTIONS(X) expands to X(function) for each function.
//
// Load binds the functions to those of the shared library `file`, which is never unloaded.
// `binding` is RTLD_LAZY or RTLD_NOW. It returns false if the library is not installed or lacks a
// function. A linked library is always there, whatever `file` is.
#define BALLAST_BOUND_LIBRARY(Struct, FUNCTIONS) \
  struct Struct {                                \
    FUNCTIONS(BALLAST_BOUND_MEMBER)              \
    bool Load(const char* file, int binding);    \
  }

// Defines Load, in one source file. The build defines BALLAST_LINKED for that file if the program
// links its library.
#ifdef BALLAST_LINKED
#define BALLAST_BIND_MEMBER(name) name = &::name;
#define BALLAST_DEFINE_LOAD(Struct, FUNCTIONS)               \
  bool Struct::Load(const char* /*file*/, int /*binding*/) { \
    FUNCTIONS(BALLAST_BIND_MEMBER)                           \
    return true;                                             \
  }
#else
#define BALLAST_BIND_MEMBER(name)                                 \
  name = reinterpret_cast<decltype(name)>(dlsym(library, #name)); \
  if (name == nullptr) return false;
#define BALLAST_DEFINE_LOAD(Struct, FUNCTIONS)                \
  bool Struct::Load(const char* file, int binding) {          \
    void* const library = dlopen(file, binding | RTLD_LOCAL); \
    if (library == nullptr) return false;                     \
    FUNCTIONS(BALLAST_BIND_MEMBER)                            \
    return true;                                              \
  }
#endif

}  // namespace ballast
