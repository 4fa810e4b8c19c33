// SPDX-License-Identifier: Apache-2.0
// The store in an SQLite file.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "serve/store.h"

namespace ballast::serve {

// Creates the file, accessible only to its owner; "": in memory. B105 if it cannot be opened, is
// not a store, or was written by a newer version.
Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& file);

}  // namespace ballast::serve
