// SPDX-License-Identifier: Apache-2.0
#include "postgres/libpq.h"

#include "postgres/session.h"

namespace ballast::postgres {

BALLAST_DEFINE_BIND(Libpq, BALLAST_LIBPQ_FUNCTIONS)

namespace {

const Libpq* Load() {
  static Libpq pq;
  // Lazily: of the libraries that come along, hardly a function is ever called.
  return LoadBound("libpq.so.5", RTLD_LAZY, pq) ? &pq : nullptr;
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
