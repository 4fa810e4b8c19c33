// SPDX-License-Identifier: Apache-2.0
// The store in a PostgreSQL database.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "serve/store.h"

namespace ballast::serve {

// Creates the tables in the schema "ballast_serve" if they do not exist. Errors as ParseUrl,
// Session::Connect and Session::Query.
Result<std::unique_ptr<Store>> OpenPostgresStore(const std::string& url);

}  // namespace ballast::serve
