// SPDX-License-Identifier: Apache-2.0
#include "postgres/libpq.h"

namespace ballast::postgres {

BALLAST_DEFINE_LOAD(Libpq, BALLAST_LIBPQ_FUNCTIONS)

namespace {

const Libpq* Load() {
  static Libpq pq;
  // RTLD_LAZY, because hardly any function of the dependent libraries is ever called.
  return pq.Load("libpq.so.5", RTLD_LAZY) ? &pq : nullptr;
}

}  // namespace

const Libpq* LoadLibpq() {
  static const Libpq* const pq = Load();
  return pq;
}

Error NoLibpq() {
  return MakeError(ErrorCode::kNoLibpq, "libpq.so.5 cannot be loaded",
                   "install it (Debian: apt-get install libpq5)");
}

}  // namespace ballast::postgres
