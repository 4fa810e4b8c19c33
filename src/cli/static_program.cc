// SPDX-License-Identifier: Apache-2.0
#include "cli/static_program.h"

#ifdef BALLAST_STATIC

#include <dlfcn.h>
#include <nss.h>

#include <cstdlib>
#include <initializer_list>

// Replaces a function of the C library: the system's libraries are built for its own C library, not
// for the one in this program.
extern "C" void* dlopen(const char* /*file*/, int /*mode*/) {
  return nullptr;
}

// The linker takes this instead of what libpg_query has, which leaves much out of the program:
// parse trees are read as JSON.
extern "C" void pg_query_nodes_to_protobuf() {
  std::abort();  // only pg_query_parse_protobuf calls it
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
