// SPDX-License-Identifier: Apache-2.0
#include "cli/static_program.h"

#ifdef BALLAST_STATIC

#include <dlfcn.h>
#include <nss.h>

#include <initializer_list>

// Replaces the C library's function. OpenSSL asks for engines and providers that a configuration
// file of the system may name, and they are built for that system's C library, not for the one in
// this program.
extern "C" void* dlopen(const char* /*file*/, int /*mode*/) {
  return nullptr;
}

namespace ballast::cli {

void PrepareStaticProgram() {
  // "files" and "dns" are part of glibc itself since 2.34. Whatever else /etc/nsswitch.conf names
  // is a shared library of that system.
  __nss_configure_lookup("hosts", "files dns");
  for (const char* database : {"passwd", "group", "services", "protocols", "networks"}) {
    __nss_configure_lookup(database, "files");
  }
}

}  // namespace ballast::cli

#else

namespace ballast::cli {

void PrepareStaticProgram() {}

}  // namespace ballast::cli

#endif
