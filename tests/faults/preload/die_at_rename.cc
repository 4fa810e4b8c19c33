// SPDX-License-Identifier: Apache-2.0
// Loaded before the program's own libraries: the program is killed before the n-th time (from 0,
// BALLAST_DIE_AT) that it moves something out of or into a folder that ballast writes aside.
#include <dlfcn.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

namespace {

void Count(const char* from, const char* to) {
  static int done = 0;
  const char* at = std::getenv("BALLAST_DIE_AT");
  const bool ours = std::strstr(from, ".ballast-store-") || std::strstr(to, ".ballast-store-");
  if (at != nullptr && ours && done++ == std::atoi(at)) kill(getpid(), SIGKILL);
}

template <class Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// The C library has named these.
// NOLINTBEGIN(readability-identifier-naming)
extern "C" int rename(const char* from, const char* to) noexcept {
  Count(from, to);
  return Real<int (*)(const char*, const char*)>("rename")(from, to);
}

extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to,
                         unsigned int flags) noexcept {
  Count(from, to);
  return Real<int (*)(int, const char*, int, const char*, unsigned int)>("renameat2")(
      from_folder, from, to_folder, to, flags);
}
// NOLINTEND(readability-identifier-naming)
