// SPDX-License-Identifier: Apache-2.0
// The store in an SQLite file.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "serve/store.h"

namespace ballast::serve {

// The file is made for its owner only; "": in memory. B105 when it cannot be opened, is not ours,
// or is of a newer version.
Result<std::unique_ptr<Store>> OpenSqliteStore(const std::string& file);

}  // namespace ballast::serve
