// SPDX-License-Identifier: Apache-2.0
#include "cli/static_program.h"

#ifdef BALLAST_STATIC

#include <dlfcn.h>
#include <nss.h>

#include <cstdlib>
#include <initializer_list>

// Replaces a function of the C library. OpenSSL loads engines and providers from the system's
// configuration file, but these are built for the system's C library, not for the one in this
// program.
extern "C" void* dlopen(const char* /*file*/, int /*mode*/) {
  return nullptr;
}

// The linker takes these instead of what the archive files have, which leaves a megabyte out of the
// program: parse trees are read as JSON, and SQLite's tables need neither full-text search nor
// R-trees.
extern "C" {
void pg_query_nodes_to_protobuf() {
  std::abort();  // only pg_query_parse_protobuf calls it
}
int sqlite3Fts3Init(void* /*database*/) {
  return 0;  // SQLITE_OK
}
int sqlite3Fts5Init(void* /*database*/) {
  return 0;
}
int sqlite3RtreeInit(void* /*database*/) {
  return 0;
}
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
