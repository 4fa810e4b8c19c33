#include "postgres/libpq.h"

#include <dlfcn.h>

#include "postgres/session.h"

namespace ballast::postgres {
namespace {

bool Bind(void* library, Libpq* pq) {
#define BALLAST_LIBPQ_BIND(name)                                          \
  pq->name = reinterpret_cast<decltype(pq->name)>(dlsym(library, #name)); \
  if (pq->name == nullptr) return false;
  BALLAST_LIBPQ_FUNCTIONS(BALLAST_LIBPQ_BIND)
#undef BALLAST_LIBPQ_BIND
  return true;
}

const Libpq* Load() {
  static Libpq pq;
  // Lazily: of the libraries that come along, hardly a function is ever called.
  void* library = dlopen("libpq.so.5", RTLD_LAZY | RTLD_LOCAL);
  return library != nullptr && Bind(library, &pq) ? &pq : nullptr;
}

}  // namespace

const Libpq* LoadLibpq() {
  static const Libpq* const pq = Load();
  return pq;
}

std::future<void> LoadAhead() {
  // Where no thread can be had, the first that asks loads it after all.
  return std::async(std::launch::async | std::launch::deferred, [] { LoadLibpq(); });
}

Error NoLibpq() {
  return MakeError(ErrorCode::kNoLibpq, "libpq.so.5 cannot be loaded",
                   "install it (Debian: apt-get install libpq5)");
}

}  // namespace ballast::postgres
