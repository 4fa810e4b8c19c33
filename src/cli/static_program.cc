// SPDX-License-Identifier: Apache-2.0
#include "cli/static_program.h"

#ifdef BALLAST_STATIC

#include <dlfcn.h>
#include <nss.h>

#include <initializer_list>

// Replaces a function of the C library. OpenSSL loads engines and providers from the system's
// configuration file, but these are built for the system's C library, not for the one in this
// program.
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
