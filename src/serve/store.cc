// SPDX-License-Identifier: Apache-2.0
#include "serve/store.h"

#include "serve/store_postgres.h"
#include "serve/store_sqlite.h"

namespace ballast::serve {

Result<std::unique_ptr<Store>> OpenStore(const std::string& place) {
  if (place.starts_with("postgres://") || place.starts_with("postgresql://")) {
    return OpenPostgresStore(place);
  }
  return OpenSqliteStore(place);
}

}  // namespace ballast::serve
