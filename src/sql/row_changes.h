// SPDX-License-Identifier: Apache-2.0
// Scripts whose effect cannot be seen in the catalog.
#pragma once

#include <string_view>

namespace ballast::sql {

// Whether the script can change rows and, as far as its words show, changes nothing else: INSERT,
// UPDATE, DELETE, COPY, functions that are called, DO blocks without DDL. The catalog is then the
// same before and after it.
bool ChangesOnlyRows(std::string_view script);

}  // namespace ballast::sql
